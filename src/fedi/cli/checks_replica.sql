-- standby --
-- Whether a server is a standby, and how far the views there are folded.
SELECT pg_is_in_recovery(), position FROM read.cursor

-- primary --
-- How far the views are folded.
SELECT position FROM read.cursor
