-- create --
-- Polls of whose end people have been told.
CREATE TABLE ended_polls (
    status_id bigint PRIMARY KEY,
    expires_at timestamptz NOT NULL
);

-- save --
-- Polls that ended.
INSERT INTO ended_polls SELECT * FROM json_populate_recordset(NULL::ended_polls, %(rows)s::json)
    ON CONFLICT (status_id) DO UPDATE SET expires_at = excluded.expires_at;

-- remove --
-- Polls that are gone.
DELETE FROM ended_polls WHERE status_id = ANY(%(ids)s::bigint[]);
