-- actor --
-- A local account with its document and its numbers.
SELECT a.id, a.uri, a.username, a.document, coalesce(a.hide_collections, false) AS hide_collections,
       coalesce(f.followers, 0) AS followers,
       coalesce(f.following, 0) AS following, coalesce(s.statuses, 0) AS statuses
  FROM read.accounts a
  LEFT JOIN read.follow_counts f ON f.account_id = a.id
  LEFT JOIN read.account_statuses s ON s.account_id = a.id
 WHERE lower(a.username) = lower(%(username)s) AND a.domain IS NULL AND a.document IS NOT NULL
 LIMIT 1

-- gone_actor --
-- A local account that was deleted.
SELECT FROM read.refs
 WHERE key = encode(substring(sha256(convert_to(%(uri)s, 'UTF8')) FROM 1 FOR 16), 'hex')::uuid
   AND kind = 'account' AND local AND ended IS NOT NULL

-- knows_actor --
-- An account elsewhere that was met and is not gone.
SELECT FROM read.refs
 WHERE key = encode(substring(sha256(convert_to(%(uri)s, 'UTF8')) FROM 1 FOR 16), 'hex')::uuid
   AND kind = 'account' AND ended IS NULL

-- knows --
-- An account or post elsewhere that was met and is not gone.
SELECT FROM read.refs
 WHERE key = encode(substring(sha256(convert_to(%(uri)s, 'UTF8')) FROM 1 FOR 16), 'hex')::uuid
   AND kind IN ('account', 'status') AND NOT local AND ended IS NULL

-- has_ended --
-- An account or post elsewhere that is gone.
SELECT FROM read.refs
 WHERE key = encode(substring(sha256(convert_to(%(uri)s, 'UTF8')) FROM 1 FOR 16), 'hex')::uuid
   AND kind IN ('account', 'status') AND NOT local AND ended IS NOT NULL

-- gone_status --
-- A local post that anybody could see, and that was deleted.
SELECT FROM read.refs
 WHERE key = encode(substring(sha256(convert_to(%(uri)s, 'UTF8')) FROM 1 FOR 16), 'hex')::uuid
   AND kind = 'status' AND local AND visibility IN ('public', 'unlisted') AND ended IS NOT NULL

-- said --
-- The columns of what a local person said, for a row s of read.statuses by a of read.accounts.
s.id, s.account_id, a.uri AS actor, s.visibility, s.created_at, s.document,
original.uri AS boosted, original_author.uri AS boosted_author,
coalesce(v.favourites, 0) AS favourites, coalesce(c.boosts, 0) AS boosts,
CASE WHEN p.status_id IS NOT NULL AND (NOT p.hide_totals OR p.expires_at <= now()) THEN
    jsonb_build_object('votes', p.votes, 'voters', p.voters_count,
                       'ended', CASE WHEN p.expires_at <= now() THEN p.expires_at END)
END AS tally
  FROM read.statuses s
  JOIN read.accounts a ON a.id = s.account_id
  LEFT JOIN read.statuses original ON original.id = s.boost_of_id
  LEFT JOIN read.accounts original_author ON original_author.id = original.account_id
  LEFT JOIN read.favourite_counts v ON v.status_id = s.id
  LEFT JOIN read.status_counts c ON c.status_id = s.id
  LEFT JOIN read.polls p ON p.status_id = s.id

-- status --
-- One post or boost of a local person, if the reader may see it.
SELECT {said}
 WHERE s.id = %(id)s AND s.local AND a.domain IS NULL AND lower(a.username) = lower(%(username)s) AND {visible}

-- outbox --
-- What a local person said to everybody.
SELECT {said}
 WHERE s.account_id = %(id)s AND s.visibility IN ('public', 'unlisted') AND {visible}
   AND (s.document IS NOT NULL OR s.boost_of_id IS NOT NULL)
   {window}

-- featured --
-- What a local person pinned and everybody may see.
SELECT p.id AS place, s.uri
  FROM read.pins p
  JOIN read.statuses s ON s.id = p.status_id
 WHERE p.account_id = %(id)s AND s.visibility IN ('public', 'unlisted') AND {visible}
 ORDER BY p.id DESC LIMIT 50

-- featured_tags --
-- The hashtags that somebody shows on their profile.
SELECT name, written FROM read.featured_tags WHERE account_id = %(id)s ORDER BY id DESC

-- replies --
-- The answers to a post that everybody may see.
SELECT s.id AS place, s.uri
  FROM read.statuses s
 WHERE s.in_reply_to_id = %(id)s AND s.visibility IN ('public', 'unlisted') AND {visible}
   {window}

-- count_replies --
-- How many answers to a post everybody may see.
SELECT count(*)
  FROM read.statuses s
 WHERE s.in_reply_to_id = %(id)s AND s.visibility IN ('public', 'unlisted') AND {visible}

-- followers --
-- Who follows an account.
SELECT f.id AS place, a.uri
  FROM read.follows f
  JOIN read.accounts a ON a.id = f.account_id AND NOT a.suspended
 WHERE f.target_id = %(id)s AND f.accepted
   {window}

-- following --
-- Whom an account follows.
SELECT f.id AS place, a.uri
  FROM read.follows f
  JOIN read.accounts a ON a.id = f.target_id AND NOT a.suspended
 WHERE f.account_id = %(id)s AND f.accepted
   {window}

-- thread_owner --
-- Who began a conversation here.
SELECT s.id AS place, a.uri
  FROM read.statuses s
  JOIN read.accounts a ON a.id = s.account_id AND a.domain IS NULL
 WHERE s.id = %(id)s AND s.boost_of_id IS NULL AND s.visibility IN ('public', 'unlisted') AND {visible}
   AND NOT EXISTS (SELECT FROM read.threads WHERE status_id = s.id)

-- thread --
-- The posts of a conversation that everybody may see.
SELECT s.id AS place, s.uri
  FROM read.statuses s
 WHERE s.id IN (SELECT %(id)s::bigint UNION ALL SELECT status_id FROM read.threads WHERE thread_id = %(id)s::bigint)
   AND s.visibility IN ('public', 'unlisted') AND {visible}
   {window}
