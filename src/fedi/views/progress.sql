-- listen --
-- Hear of every commit of the projection runner.
LISTEN fedi_views;

-- cursor --
-- The position up to which the views are folded.
SELECT position FROM read.cursor;
