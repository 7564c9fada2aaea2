-- take --
-- Be the one process that acts, until this session ends.
SELECT pg_try_advisory_lock(%(lock)s);

-- held --
-- Is this session still there?
SELECT 1;
