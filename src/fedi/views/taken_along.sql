-- follows --
-- Whom somebody follows, in the order of handles.
SELECT coalesce(a.username || '@' || a.domain, a.username) AS subject, a.id AS target_id, f.boosts, f.notify, f.languages
  FROM read.follows f JOIN read.accounts a ON a.id = f.target_id
 WHERE f.account_id = %(id)s AND f.accepted ORDER BY 1

-- blocks --
-- Whom somebody blocks.
SELECT coalesce(a.username || '@' || a.domain, a.username) AS subject, a.id AS target_id
  FROM read.blocks b JOIN read.accounts a ON a.id = b.target_id
 WHERE b.account_id = %(id)s ORDER BY 1

-- mutes --
-- Whom somebody mutes for ever.
SELECT coalesce(a.username || '@' || a.domain, a.username) AS subject, a.id AS target_id,
       m.notifications AS hide_notifications
  FROM read.mutes m JOIN read.accounts a ON a.id = m.target_id
 WHERE m.account_id = %(id)s AND m.expires_at IS NULL ORDER BY 1

-- domain_blocks --
-- The servers that somebody blocks.
SELECT domain AS subject, 0 AS target_id FROM read.domain_blocks WHERE account_id = %(id)s ORDER BY 1

-- bookmarks --
-- The posts that somebody put aside, the last first.
SELECT s.uri AS subject, s.id AS target_id
  FROM read.bookmarks b JOIN read.statuses s ON s.id = b.status_id
 WHERE b.account_id = %(id)s ORDER BY b.id DESC

-- lists --
-- Who is in somebody's lists.
SELECT coalesce(a.username || '@' || a.domain, a.username) AS subject, a.id AS target_id, l.title, l.id AS list_id
  FROM read.lists l
  JOIN read.list_accounts m ON m.list_id = l.id
  JOIN read.accounts a ON a.id = m.account_id
 WHERE l.account_id = %(id)s ORDER BY l.title, 1
