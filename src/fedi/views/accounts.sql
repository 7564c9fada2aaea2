-- load --
-- Accounts as they are shown. What a remote server says of its own numbers counts more than what we have seen of them.
SELECT a.id, a.uri, a.kind, a.username, a.domain, a.display_name, a.note, a.url,
       a.avatar_url, a.avatar_description, a.header_url, a.header_description, a.fields, a.emojis,
       a.locked, a.discoverable, a.indexable, a.memorial, a.suspended, a.limited, a.sensitized, a.media_rejected,
       a.show_media, a.show_media_replies, a.show_featured, a.attribution_domains, a.hide_collections,
       a.verified, a.moved_to_uri, a.feature_automatic,
       a.feature_manual, a.created_at,
       coalesce(a.total_followers, f.followers, 0) AS followers,
       coalesce(a.total_following, f.following, 0) AS following,
       coalesce(a.total_statuses, s.statuses, 0) AS statuses,
       s.last_status_at, u.role
  FROM read.accounts a
  LEFT JOIN read.follow_counts f ON f.account_id = a.id
  LEFT JOIN read.account_statuses s ON s.account_id = a.id
  LEFT JOIN registry.users u ON u.account_id = a.id
 WHERE a.id = ANY(%(ids)s::bigint[])

-- by_handle --
-- The account with a handle; a local one has no domain. Of several of one name the one that was heard of last.
SELECT id FROM read.accounts
 WHERE lower(username) = lower(%(username)s)
   AND lower(domain) IS NOT DISTINCT FROM lower(%(domain)s::text)
 ORDER BY changed_at DESC, id DESC
 LIMIT 1

-- by_uris --
-- Known accounts by their actors' URIs.
SELECT uri, id FROM read.refs
 WHERE key = ANY(%(keys)s::uuid[]) AND kind = 'account' AND ended IS NULL

-- followers --
-- Who follows an account. Whom the reader blocks, and who blocks the reader, is not shown.
SELECT f.id AS place, f.account_id AS id
  FROM read.follows f
  JOIN read.accounts a ON a.id = f.account_id AND NOT a.suspended
 WHERE f.target_id = %(id)s AND f.accepted AND {unblocked}
   {window}

-- following --
-- Whom an account follows.
SELECT f.id AS place, f.target_id AS id
  FROM read.follows f
  JOIN read.accounts a ON a.id = f.target_id AND NOT a.suspended
 WHERE f.account_id = %(id)s AND f.accepted AND {unblocked}
   {window}

-- requests --
-- Who asks to follow an account.
SELECT f.id AS place, f.account_id AS id
  FROM read.follows f
  JOIN read.accounts a ON a.id = f.account_id AND NOT a.suspended
 WHERE f.target_id = %(id)s AND NOT f.accepted
   {window}

-- count_requests --
-- How many ask to follow an account, counted up to 40.
SELECT count(*) FROM (
    SELECT FROM read.follows f
      JOIN read.accounts a ON a.id = f.account_id AND NOT a.suspended
     WHERE f.target_id = %(id)s AND NOT f.accepted LIMIT 40) AS asking

-- blocked --
-- Whom an account blocks.
SELECT b.id AS place, b.target_id AS id
  FROM read.blocks b
  JOIN read.accounts a ON a.id = b.target_id
 WHERE b.account_id = %(id)s
   {window}

-- muted --
-- Whom an account mutes, and until when.
SELECT m.id AS place, m.target_id AS id, m.expires_at
  FROM read.mutes m
  JOIN read.accounts a ON a.id = m.target_id
 WHERE m.account_id = %(id)s AND (m.expires_at IS NULL OR m.expires_at > now())
   {window}

-- familiar --
-- Which of those whom the reader follows follow some accounts, where these do not keep it to themselves.
SELECT f.target_id AS place, f.account_id AS id
  FROM read.follows f
  JOIN read.follows own ON own.account_id = %(viewer)s AND own.target_id = f.account_id AND own.accepted
  JOIN read.accounts a ON a.id = f.account_id AND NOT a.suspended
  JOIN read.accounts target ON target.id = f.target_id AND target.hide_collections IS NOT TRUE
 WHERE f.target_id = ANY(%(ids)s::bigint[]) AND f.accepted
 ORDER BY f.id DESC
