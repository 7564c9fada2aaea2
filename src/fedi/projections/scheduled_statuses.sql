-- create --
-- Posts that wait for their time.
CREATE TABLE scheduled_statuses (
    id bigint PRIMARY KEY,
    account_id bigint NOT NULL,
    scheduled_at timestamptz NOT NULL,
    status jsonb NOT NULL
);
CREATE INDEX scheduled_statuses_account ON scheduled_statuses (account_id, id DESC);
CREATE INDEX scheduled_statuses_due ON scheduled_statuses (scheduled_at);

-- add --
-- Posts that were planned.
INSERT INTO scheduled_statuses SELECT * FROM json_populate_recordset(NULL::scheduled_statuses, %(rows)s::json)
    ON CONFLICT (id) DO UPDATE SET scheduled_at = excluded.scheduled_at, status = excluded.status;

-- move --
-- Posts that are due at another time.
UPDATE scheduled_statuses SET scheduled_at = moved.scheduled_at
  FROM json_to_recordset(%(rows)s::json) AS moved (id bigint, scheduled_at timestamptz)
 WHERE scheduled_statuses.id = moved.id;

-- remove --
-- Posts that no longer wait.
DELETE FROM scheduled_statuses WHERE id = ANY(%(ids)s::bigint[]) OR account_id = ANY(%(accounts)s::bigint[]);
