-- create --
-- Pairs that the telling depends on: see notification_marks.py.
CREATE TABLE notification_marks (
    kind text NOT NULL,
    account_id bigint NOT NULL,
    target_id bigint NOT NULL,
    PRIMARY KEY (kind, target_id, account_id)
);
CREATE INDEX notification_marks_account ON notification_marks (account_id);

-- load --
-- The marks on the targets that a batch concerns.
SELECT marks.kind, marks.account_id, marks.target_id
  FROM unnest(%(kinds)s::text[], %(targets)s::bigint[]) AS given (kind, target_id)
  JOIN notification_marks AS marks ON marks.kind = given.kind AND marks.target_id = given.target_id;

-- quotes --
-- The quotes of some statuses by people who live here.
SELECT quotes.quoted_id, quotes.status_id, quotes.account_id, quotes.since, quotes.until
  FROM quotes JOIN accounts ON accounts.id = quotes.account_id AND accounts.domain IS NULL
 WHERE quotes.quoted_id = ANY(%(quoted)s::bigint[]) AND quotes.since IS NOT NULL
   AND quotes.account_id <> quotes.quoted_account_id
 ORDER BY quotes.status_id;

-- forget --
-- Marks of, and on, what is gone.
DELETE FROM notification_marks
 WHERE account_id = ANY(%(accounts)s::bigint[])
    OR (kind <> ALL(%(about)s::text[]) AND target_id = ANY(%(accounts)s::bigint[]))
    OR (kind = ANY(%(about)s::text[]) AND target_id = ANY(%(statuses)s::bigint[]));

-- remove --
-- Marks that are no more.
DELETE FROM notification_marks AS marks USING json_populate_recordset(NULL::notification_marks, %(rows)s::json) AS given
 WHERE marks.kind = given.kind AND marks.account_id = given.account_id AND marks.target_id = given.target_id;

-- add --
-- New marks.
INSERT INTO notification_marks SELECT * FROM json_populate_recordset(NULL::notification_marks, %(rows)s::json)
    ON CONFLICT DO NOTHING;
