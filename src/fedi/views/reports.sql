-- load --
-- Some reports.
SELECT * FROM read.reports WHERE id = ANY(%(ids)s::bigint[])

-- reportable --
-- Those of some statuses that are somebody's and may be seen.
SELECT s.id FROM read.statuses s
 WHERE s.id = ANY(%(ids)s::bigint[]) AND s.account_id = %(target)s AND s.boost_of_id IS NULL AND {visible}

-- inboxes --
-- The inboxes of the servers that are told of a report, each once.
SELECT DISTINCT coalesce(nullif(a.shared_inbox, ''), a.inbox) AS text
  FROM read.reports r
  JOIN read.accounts a
    ON a.id = r.target_id
    OR a.id IN (SELECT s.in_reply_to_account_id FROM read.statuses s WHERE s.id = ANY(r.status_ids))
 WHERE r.id = %(id)s AND a.domain = ANY(%(domains)s::text[]) AND (a.shared_inbox <> '' OR a.inbox <> '')

-- objects --
-- What is reported, the account first.
SELECT uri AS text FROM (
    SELECT 0 AS place, 0::bigint AS id, uri FROM read.accounts WHERE id = %(target)s
     UNION ALL
    SELECT 1, id, uri FROM read.statuses WHERE id = ANY(%(statuses)s::bigint[])
) AS reported
 ORDER BY place, id

-- staff --
-- Who looks after the server.
SELECT account_id FROM registry.users
 WHERE role IN ('admin', 'moderator') AND NOT disabled
 ORDER BY account_id
