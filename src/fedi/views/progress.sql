-- cursor --
-- The position up to which the views are folded.
SELECT position FROM read.cursor;
