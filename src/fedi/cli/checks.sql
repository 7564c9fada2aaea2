-- server --
-- What the program depends on in the database server.
SELECT
    current_setting('server_version_num')::integer,
    current_setting('server_version'),
    current_setting('server_encoding'),
    current_setting('fsync') = 'on' AND current_setting('full_page_writes') = 'on',
    current_setting('data_checksums') = 'on',
    current_setting('max_connections')::integer,
    clock_timestamp(),
    EXISTS (SELECT FROM pg_opclass WHERE opcname = 'gin_trgm_ops'),
    lower('Ж') = 'ж'
