-- load --
-- Statuses and what they boost, with their numbers, their polls, and what the reader did with them.
SELECT s.id, s.account_id, s.uri, s.url, s.kind, s.content, s.spoiler_text, s.sensitive, s.visibility, s.language,
       s.created_at, s.edited_at, s.in_reply_to_id, s.in_reply_to_account_id, s.boost_of_id, s.local,
       s.attachments, s.emojis, s.mentions, s.tags, s.application,
       coalesce(c.replies, 0) AS replies, coalesce(c.boosts, 0) AS boosts, coalesce(f.favourites, 0) AS favourites,
       p.titles AS poll_titles, p.votes AS poll_votes, p.multiple AS poll_multiple, p.expires_at AS poll_expires_at,
       p.expires_at <= now() AS poll_expired, p.voters_count AS poll_voters, p.hide_totals AS poll_hides_totals,
       EXISTS (SELECT FROM read.favourites WHERE account_id = %(viewer)s::bigint AND status_id = s.id) AS favourited,
       EXISTS (SELECT FROM read.statuses b WHERE b.boost_of_id = s.id AND b.account_id = %(viewer)s::bigint) AS boosted,
       EXISTS (SELECT FROM read.bookmarks WHERE account_id = %(viewer)s::bigint AND status_id = s.id) AS bookmarked,
       EXISTS (SELECT FROM read.pins WHERE account_id = %(viewer)s::bigint AND status_id = s.id) AS pinned,
       CASE WHEN EXISTS (SELECT FROM read.thread_mutes WHERE account_id = %(viewer)s::bigint) THEN
           EXISTS (SELECT FROM read.thread_mutes m
                    WHERE m.account_id = %(viewer)s::bigint AND m.thread_id = coalesce(
                          (SELECT t.thread_id FROM read.threads t WHERE t.status_id = s.id), s.id))
       ELSE false END AS muted,
       CASE WHEN p.status_id IS NOT NULL THEN
           ARRAY(SELECT choice FROM read.poll_votes
                  WHERE status_id = s.id AND account_id = %(viewer)s::bigint ORDER BY vote_id)
       END AS own_votes,
       (SELECT position FROM read.filter_versions WHERE account_id = %(viewer)s::bigint) AS filters_version,
       CASE WHEN s.boost_of_id IS NULL THEN
           (SELECT count(*) FROM read.quotes WHERE quoted_id = s.id AND state = 'accepted' AND NOT gone)
       ELSE 0 END AS quotes,
       s.quote_uri <> '' AND EXISTS (SELECT FROM read.quotes WHERE status_id = s.id AND NOT gone) AS quoting,
       s.quote_automatic, s.quote_manual, {may_quote} AS quotable,
       l.url AS link, to_jsonb(k) AS card
  FROM read.statuses s
  LEFT JOIN read.status_links l ON l.status_id = s.id
  LEFT JOIN read.cards k ON k.url = l.url
  LEFT JOIN read.status_counts c ON c.status_id = s.id
  LEFT JOIN read.favourite_counts f ON f.status_id = s.id
  LEFT JOIN read.polls p ON p.status_id = s.id
 WHERE s.id = ANY(%(ids)s::bigint[] || ARRAY(
       SELECT boost_of_id FROM read.statuses WHERE id = ANY(%(ids)s::bigint[]) AND boost_of_id IS NOT NULL))

-- mentioned --
-- What a mention shows of accounts.
SELECT id, username, domain, url FROM read.accounts WHERE id = ANY(%(ids)s::bigint[])

-- visible --
-- Those among some statuses that the reader may see.
SELECT s.id FROM read.statuses s WHERE s.id = ANY(%(ids)s::bigint[]) AND {visible}

-- boost_of --
-- The reader's own boost of a status.
SELECT id FROM read.statuses WHERE boost_of_id = %(id)s AND account_id = %(viewer)s ORDER BY id LIMIT 1

-- by_uri --
-- The status at a URI.
SELECT id FROM read.refs
 WHERE key = %(key)s AND kind IN ('status', 'boost') AND ended IS NULL
