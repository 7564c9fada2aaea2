-- create --
-- When groups of notifications began: `hour` counts hours since 1970. `status_id` is 0 where there is no status.
CREATE TABLE notification_spans (
    account_id bigint NOT NULL,
    type text NOT NULL,
    status_id bigint NOT NULL,
    hour bigint NOT NULL,
    PRIMARY KEY (account_id, type, status_id)
);
CREATE INDEX notification_spans_status ON notification_spans (status_id) WHERE status_id <> 0;

-- load --
-- When some groups began.
SELECT account_id, type, status_id, spans.hour
  FROM notification_spans AS spans
  JOIN json_populate_recordset(NULL::notification_spans, %(rows)s::json) AS given USING (account_id, type, status_id);

-- forget --
-- Groups of people, and about statuses, that are gone.
DELETE FROM notification_spans
 WHERE account_id = ANY(%(accounts)s::bigint[]) OR (status_id <> 0 AND status_id = ANY(%(statuses)s::bigint[]));

-- save --
-- When groups began, for people who live here.
INSERT INTO notification_spans
SELECT given.* FROM json_populate_recordset(NULL::notification_spans, %(rows)s::json) AS given
  JOIN accounts ON accounts.id = given.account_id AND accounts.domain IS NULL
    ON CONFLICT (account_id, type, status_id) DO UPDATE SET hour = excluded.hour;
