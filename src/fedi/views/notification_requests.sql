-- policy --
-- What somebody wishes to happen with notifications from strangers.
SELECT not_following, not_followers, new_accounts, private_mentions, limited_accounts, bots
  FROM read.notification_policies WHERE account_id = %(account_id)s

-- requests --
-- What is kept apart, by sender. Like Mastodon it counts no further than a hundred.
SELECT n.from_account_id AS id, max(n.id) AS place, least(count(*), 100) AS count,
       min(n.created_at) AS created_at, max(n.created_at) AS updated_at,
       (array_agg(n.status_id ORDER BY n.id DESC) FILTER (WHERE n.type IN ('mention', 'quote')))[1] AS last_status_id
  FROM read.notifications n
 WHERE n.filtered AND {shown}
 GROUP BY n.from_account_id

-- page --
-- A page of requests.
SELECT request.* FROM ({requests}) AS request WHERE true {window}

-- of_sender --
-- The request of one sender.
SELECT request.* FROM ({requests}) AS request WHERE request.id = %(sender)s

-- pending --
-- Those of some senders of whom something is kept apart.
SELECT DISTINCT n.from_account_id FROM read.notifications n
 WHERE n.filtered AND n.from_account_id = ANY(%(senders)s::bigint[]) AND {shown}

-- summary --
-- How many requests wait, and how many notifications are in them.
SELECT count(DISTINCT n.from_account_id) AS requests, count(*) AS notifications
  FROM read.notifications n WHERE n.filtered AND {shown}
