-- create --
-- What was reported: `account_id` says it of `target_id`. `forward_to` are the domains that were told too.
CREATE TABLE reports (
    id bigint PRIMARY KEY,
    account_id bigint NOT NULL,
    target_id bigint NOT NULL,
    comment text NOT NULL,
    category text NOT NULL,
    status_ids bigint[] NOT NULL,
    rule_ids text[] NOT NULL,
    collection_ids text[] NOT NULL,
    forward_to text[] NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX reports_account ON reports (account_id);
CREATE INDEX reports_target ON reports (target_id);

-- add --
-- New reports.
INSERT INTO reports SELECT * FROM json_populate_recordset(NULL::reports, %(rows)s::json) ON CONFLICT (id) DO NOTHING;

-- forget --
-- Reports by, and of, accounts that are gone.
DELETE FROM reports WHERE account_id = ANY(%(ids)s::bigint[]) OR target_id = ANY(%(ids)s::bigint[]);
