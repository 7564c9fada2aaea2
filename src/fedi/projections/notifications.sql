-- create --
-- What local people are told: `id` is the position of the event and the ordinal of the fact, and a place in it.
CREATE TABLE notifications (
    id bigint PRIMARY KEY,
    account_id bigint NOT NULL,
    type text NOT NULL,
    from_account_id bigint NOT NULL,
    status_id bigint,
    created_at timestamptz NOT NULL,
    group_key text NOT NULL,
    filtered boolean NOT NULL DEFAULT false,
    report_id bigint,
    collection_id bigint,
    year integer
);
CREATE INDEX notifications_account ON notifications (account_id, id DESC);
CREATE INDEX notifications_apart ON notifications (account_id, from_account_id, id DESC) WHERE filtered;
CREATE INDEX notifications_status ON notifications (status_id, from_account_id) WHERE status_id IS NOT NULL;
CREATE INDEX notifications_from ON notifications (from_account_id, status_id, account_id);

-- add --
-- New notifications, for people who live here, about statuses and people that are still there; who is to hear at once.
WITH added AS (
    INSERT INTO notifications
    SELECT given.* FROM json_populate_recordset(NULL::notifications, %(rows)s::json) AS given
      JOIN accounts AS receiver ON receiver.id = given.account_id AND receiver.domain IS NULL
      JOIN accounts AS sender ON sender.id = given.from_account_id
      LEFT JOIN statuses AS about ON about.id = given.status_id
     WHERE given.status_id IS NULL OR about.id IS NOT NULL
    RETURNING id, account_id, filtered
)
SELECT id, account_id FROM added WHERE NOT filtered;

-- accepted --
-- What was kept apart of some senders joins the rest.
UPDATE notifications SET filtered = false
  FROM json_populate_recordset(NULL::notifications, %(rows)s::json) AS given
 WHERE notifications.account_id = given.account_id AND notifications.from_account_id = given.from_account_id
   AND notifications.filtered;

-- dismissed --
-- What was kept apart of some senders is thrown away.
DELETE FROM notifications USING json_populate_recordset(NULL::notifications, %(rows)s::json) AS given
 WHERE notifications.account_id = given.account_id AND notifications.from_account_id = given.from_account_id
   AND notifications.filtered;

-- take_back --
-- Notifications of what was taken back: everybody's about a status, and one account's about none.
WITH given AS (
    SELECT * FROM json_to_recordset(%(rows)s::json)
               AS given (account_id bigint, type text, from_account_id bigint, status_id bigint)
), found AS (
    SELECT told.id
      FROM given JOIN notifications AS told
        ON told.from_account_id = given.from_account_id AND told.status_id = given.status_id AND told.type = given.type
     UNION ALL
    SELECT told.id
      FROM given JOIN notifications AS told
        ON told.from_account_id = given.from_account_id AND told.status_id IS NULL
       AND told.account_id = given.account_id AND told.type = given.type
     WHERE given.status_id IS NULL
)
DELETE FROM notifications USING found WHERE notifications.id = found.id;

-- delete --
-- Notifications that were put away, and those about statuses and accounts that are gone.
DELETE FROM notifications
 WHERE account_id = ANY(%(cleared)s::bigint[]) OR id = ANY(%(dismissed)s::bigint[])
    OR status_id = ANY(%(statuses)s::bigint[])
    OR account_id = ANY(%(accounts)s::bigint[]) OR from_account_id = ANY(%(accounts)s::bigint[]);
