-- stamps --
-- Statuses and what they boost: the versions of what is shown of them (their rows' transactions), and what is the
-- reader's own or changes often. Columns are in the order of the fields of Shared, then of Acts.
SELECT s.id, s.account_id, s.boost_of_id, s.visibility,
       s.xmin::text AS version,
       EXISTS (SELECT FROM read.polls WHERE status_id = s.id) AS has_poll,
       coalesce(c.replies, 0) AS replies, coalesce(c.boosts, 0) AS boosts, coalesce(f.favourites, 0) AS favourites,
       CASE WHEN s.boost_of_id IS NULL THEN
           (SELECT count(*) FROM read.quotes WHERE quoted_id = s.id AND state = 'accepted' AND NOT gone)
       ELSE 0 END AS quotes,
       s.quote_uri <> '' AND EXISTS (SELECT FROM read.quotes WHERE status_id = s.id AND NOT gone) AS quoting,
       s.quote_automatic, s.quote_manual,
       s.boost_of_id IS NULL
       AND EXISTS (SELECT FROM read.favourites WHERE account_id = %(viewer)s::bigint AND status_id = s.id) AS favourited,
       s.boost_of_id IS NULL
       AND EXISTS (SELECT FROM read.statuses b
                    WHERE b.boost_of_id = s.id AND b.account_id = %(viewer)s::bigint) AS boosted,
       s.boost_of_id IS NULL
       AND EXISTS (SELECT FROM read.bookmarks WHERE account_id = %(viewer)s::bigint AND status_id = s.id) AS bookmarked,
       s.account_id = %(viewer)s::bigint
       AND EXISTS (SELECT FROM read.pins WHERE account_id = %(viewer)s::bigint AND status_id = s.id) AS pinned,
       CASE WHEN EXISTS (SELECT FROM read.thread_mutes WHERE account_id = %(viewer)s::bigint) THEN
           EXISTS (SELECT FROM read.thread_mutes m
                    WHERE m.account_id = %(viewer)s::bigint AND m.thread_id = coalesce(
                          (SELECT t.thread_id FROM read.threads t WHERE t.status_id = s.id), s.id))
       ELSE false END AS muted,
       {may_quote} AS quotable,
       EXISTS (SELECT FROM read.thread_mutes WHERE account_id = %(viewer)s::bigint) AS mutes_threads,
       concat(a.xmin::text, ' ', fc.xmin::text, ' ', st.xmin::text) AS account_version,
       (SELECT position FROM read.filter_versions WHERE account_id = %(viewer)s::bigint) AS filters_version
  FROM read.statuses s
  JOIN read.accounts a ON a.id = s.account_id
  LEFT JOIN read.follow_counts fc ON fc.account_id = a.id
  LEFT JOIN read.account_statuses st ON st.account_id = a.id
  LEFT JOIN read.status_counts c ON c.status_id = s.id
  LEFT JOIN read.favourite_counts f ON f.status_id = s.id
 WHERE s.id = ANY(%(ids)s::bigint[] || ARRAY(
       SELECT boost_of_id FROM read.statuses WHERE id = ANY(%(ids)s::bigint[]) AND boost_of_id IS NOT NULL))
