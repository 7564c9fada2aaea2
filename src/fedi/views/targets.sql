-- account --
-- One account.
SELECT id, uri, url, username, domain, locked, suspended, limited, moved_to_uri, followers_uri, featured_uri
  FROM read.accounts WHERE id = %(id)s

-- accounts --
-- Several accounts.
SELECT id, uri, url, username, domain, locked, suspended, limited, moved_to_uri, followers_uri, featured_uri
  FROM read.accounts WHERE id = ANY(%(ids)s::bigint[])

-- by_handle --
-- The account of a handle; of several the one that was heard of last.
SELECT id, uri, url, username, domain, locked, suspended, limited, moved_to_uri, followers_uri, featured_uri
  FROM read.accounts
 WHERE lower(username) = lower(%(username)s) AND lower(domain) IS NOT DISTINCT FROM lower(%(domain)s::text)
 ORDER BY changed_at DESC, id DESC
 LIMIT 1

-- restrictions --
-- How the operator restricts an account alone.
SELECT restriction FROM read.restrictions WHERE account_id = %(id)s AND until IS NULL

-- document --
-- The actor document of a local account.
SELECT document FROM read.accounts WHERE id = %(id)s

-- status --
-- One status with its author; the caller adds who may see it.
SELECT s.id, s.account_id, s.uri, author.uri AS author_uri, author.domain IS NULL AS author_local, s.visibility,
       s.local, s.conversation, s.created_at, s.boost_of_id, s.sensitive, s.spoiler_text, s.language, s.text,
       s.document,
       ARRAY(SELECT (item ->> 'media_id')::bigint
               FROM jsonb_array_elements(s.attachments) WITH ORDINALITY AS list (item, place)
              WHERE item ->> 'media_id' IS NOT NULL ORDER BY place) AS media_ids
  FROM read.statuses s
  JOIN read.accounts author ON author.id = s.account_id
 WHERE s.id = %(id)s

-- boost --
-- An account's boost of a status.
SELECT s.id, s.account_id, s.uri, author.uri AS author_uri, author.domain IS NULL AS author_local, s.visibility,
       s.local, s.conversation, s.created_at, s.boost_of_id, s.sensitive, s.spoiler_text, s.language, s.text,
       s.document, '{}'::bigint[] AS media_ids
  FROM read.statuses s
  JOIN read.accounts author ON author.id = s.account_id
 WHERE s.boost_of_id = %(status_id)s AND s.account_id = %(account_id)s
 LIMIT 1

-- poll --
-- A poll, and what somebody chose in it.
SELECT poll.status_id, poll.account_id, s.uri, author.uri AS author_uri, poll.titles, poll.votes,
       poll.multiple, poll.expires_at, poll.voters_count,
       ARRAY(SELECT vote.choice FROM read.poll_votes vote
              WHERE vote.status_id = poll.status_id AND vote.account_id = %(viewer)s) AS chosen
  FROM read.polls poll
  JOIN read.statuses s ON s.id = poll.status_id
  JOIN read.accounts author ON author.id = poll.account_id
 WHERE poll.status_id = %(id)s

-- between --
-- How two accounts stand to each other.
SELECT coalesce(follow.accepted, false) AS following,
       coalesce(NOT follow.accepted, false) AS requested,
       coalesce(follow.uri, '') AS follow_uri,
       coalesce(follow.boosts, true) AS boosts,
       coalesce(follow.notify, false) AS notify,
       coalesce(follow.languages, '{}') AS languages,
       coalesce(follower.accepted, false) AS followed_by,
       coalesce(NOT follower.accepted, false) AS requested_by,
       coalesce(follower.uri, '') AS follower_uri,
       EXISTS (SELECT FROM read.blocks WHERE account_id = %(account_id)s AND target_id = %(target_id)s) AS blocking,
       EXISTS (SELECT FROM read.blocks WHERE account_id = %(target_id)s AND target_id = %(account_id)s) AS blocked_by,
       EXISTS (SELECT FROM read.mutes WHERE account_id = %(account_id)s AND target_id = %(target_id)s) AS muting,
       EXISTS (SELECT FROM read.domain_blocks d JOIN read.accounts a ON a.domain = d.domain
                WHERE d.account_id = %(account_id)s AND a.id = %(target_id)s) AS domain_blocking
  FROM (SELECT) AS always
  LEFT JOIN read.follows follow ON follow.account_id = %(account_id)s AND follow.target_id = %(target_id)s
  LEFT JOIN read.follows follower ON follower.account_id = %(target_id)s AND follower.target_id = %(account_id)s

-- hides_totals --
-- A poll that keeps its numbers back.
SELECT 1 FROM read.polls WHERE status_id = %(id)s AND hide_totals

-- pinned --
-- What an account has pinned.
SELECT status_id FROM read.pins WHERE account_id = %(account_id)s

-- bookmarked --
-- Whether a status is among somebody's bookmarks.
SELECT 1 FROM read.bookmarks WHERE account_id = %(account_id)s AND status_id = %(status_id)s

-- activity --
-- The activity that joins two URIs, while it stands.
SELECT uri FROM read.refs WHERE key = %(key)s AND ended IS NULL

-- not_followed --
-- Those among some accounts that somebody neither follows nor is.
SELECT id FROM unnest(%(ids)s::bigint[]) AS wanted (id)
 WHERE id <> %(account_id)s AND NOT EXISTS (
       SELECT FROM read.follows WHERE account_id = %(account_id)s AND target_id = wanted.id AND accepted)

-- followed_tags --
-- The hashtags that somebody follows.
SELECT name FROM read.followed_tags WHERE account_id = %(account_id)s

-- notified --
-- Whether a notification is somebody's.
SELECT 1 FROM read.notifications WHERE id = %(id)s AND account_id = %(account_id)s
