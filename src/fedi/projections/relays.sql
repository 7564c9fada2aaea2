-- create --
-- Relays that the operator subscribed to; `state` is pending, accepted or rejected.
CREATE TABLE relays (
    id bigint NOT NULL,
    inbox text PRIMARY KEY,
    host text NOT NULL,
    follow_uri text NOT NULL,
    target text NOT NULL,
    state text NOT NULL,
    created_at timestamptz NOT NULL
);

-- load --
-- All relays.
SELECT id, inbox, host, follow_uri, target, state, created_at FROM relays;

-- remove --
-- Relays that are others now, or none.
DELETE FROM relays WHERE inbox = ANY(%(inboxes)s::text[]);

-- save --
-- Relays as they are now.
INSERT INTO relays SELECT * FROM json_populate_recordset(NULL::relays, %(rows)s::json);
