-- lock --
-- Keeps processes that start together apart until the end of the transaction; the second number is the word "ddl".
SELECT pg_advisory_xact_lock(1717920873, 6579308);

-- prepare --
-- Where it is noted what was applied. It stands in the first schema, so that it goes when that is dropped.
DO $$
BEGIN
    IF to_regclass('log.schema_files') IS NULL THEN
        CREATE SCHEMA IF NOT EXISTS log;
        CREATE TABLE log.schema_files (file text PRIMARY KEY, digest text NOT NULL);
    END IF;
END
$$;

-- applied --
-- What was applied before.
SELECT file, digest FROM log.schema_files;

-- note --
-- Notes that a file was applied.
INSERT INTO log.schema_files (file, digest) VALUES (%(file)s, %(digest)s)
ON CONFLICT (file) DO UPDATE SET digest = excluded.digest;
