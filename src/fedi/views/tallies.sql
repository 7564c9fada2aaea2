-- of_local_poll --
-- A poll of somebody here, with the document of its post.
SELECT s.account_id, s.document, p.votes, p.voters_count AS voters, p.expires_at, p.hide_totals
  FROM read.polls p
  JOIN read.statuses s ON s.id = p.status_id AND s.local AND s.document IS NOT NULL
 WHERE p.status_id = %(id)s
