-- cursor --
-- The position up to which the views are folded there, and the number of the generation's table, the same on both.
SELECT position, tableoid FROM read.cursor;
