-- mutes --
-- Mutes whose time has run out.
SELECT id, account_id, target_id FROM read.mutes WHERE expires_at <= %(now)s ORDER BY expires_at LIMIT 500;

-- polls --
-- Polls that ended lately, of which nobody has been told, with who is to be told.
SELECT p.status_id, p.account_id, p.expires_at, told.ids AS told
  FROM read.polls p
 CROSS JOIN LATERAL (
       SELECT array_agg(a.id ORDER BY a.id) AS ids
         FROM (SELECT p.account_id AS id
                UNION
               SELECT account_id FROM read.poll_votes WHERE status_id = p.status_id) AS concerned
         JOIN read.accounts a ON a.id = concerned.id AND a.domain IS NULL) AS told
 WHERE p.expires_at > %(since)s AND p.expires_at <= %(now)s AND told.ids IS NOT NULL
   AND NOT EXISTS (SELECT FROM read.ended_polls e WHERE e.status_id = p.status_id AND e.expires_at = p.expires_at)
 ORDER BY p.expires_at LIMIT 100;

-- scheduled --
-- Planned posts whose time has come.
SELECT id FROM read.scheduled_statuses
 WHERE scheduled_at > %(since)s AND scheduled_at <= %(now)s AND id <> ALL (%(without)s::bigint[])
 ORDER BY scheduled_at LIMIT 100;
