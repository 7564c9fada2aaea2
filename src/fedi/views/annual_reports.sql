-- types --
-- What somebody's posts of a year were: in all, boosts, replies to others, posts that stand for themselves, polls.
SELECT count(*) AS total,
       count(*) FILTER (WHERE boost_of_id IS NOT NULL) AS reblogs,
       count(*) FILTER (WHERE in_reply_to_uri <> '' AND in_reply_to_account_id IS DISTINCT FROM account_id) AS replies,
       count(*) FILTER (WHERE boost_of_id IS NULL
                          AND (in_reply_to_uri = '' OR in_reply_to_account_id = account_id)) AS standalone,
       count(*) FILTER (WHERE EXISTS (SELECT FROM read.polls p WHERE p.status_id = s.id)) AS polls
  FROM read.statuses s
 WHERE s.account_id = %(id)s AND s.created_at >= %(since)s AND s.created_at < %(until)s

-- months --
-- Posts, new followers and newly followed accounts, month by month.
SELECT month,
       (SELECT count(*) FROM read.statuses s
         WHERE s.account_id = %(id)s AND s.created_at >= %(since)s AND s.created_at < %(until)s
           AND extract(month FROM s.created_at AT TIME ZONE 'UTC') = month) AS statuses,
       (SELECT count(*) FROM read.follows f
         WHERE f.account_id = %(id)s AND f.accepted AND f.since_at >= %(since)s AND f.since_at < %(until)s
           AND extract(month FROM f.since_at AT TIME ZONE 'UTC') = month) AS following,
       (SELECT count(*) FROM read.follows f
         WHERE f.target_id = %(id)s AND f.accepted AND f.since_at >= %(since)s AND f.since_at < %(until)s
           AND extract(month FROM f.since_at AT TIME ZONE 'UTC') = month) AS followers
  FROM generate_series(1, 12) AS month

-- hashtags --
-- The hashtags that somebody used most.
SELECT tag.name, count(*) AS count
  FROM read.statuses s
 CROSS JOIN LATERAL unnest(s.tags) AS tag (name)
 WHERE s.account_id = %(id)s AND s.boost_of_id IS NULL AND s.created_at >= %(since)s AND s.created_at < %(until)s
 GROUP BY tag.name
HAVING count(*) > 1
 ORDER BY count(*) DESC, tag.name LIMIT 40

-- people --
-- Whom somebody answered most.
SELECT s.in_reply_to_account_id AS account_id, count(*) AS count
  FROM read.statuses s
  JOIN read.accounts a ON a.id = s.in_reply_to_account_id AND NOT a.suspended
 WHERE s.account_id = %(id)s AND s.in_reply_to_account_id <> s.account_id
   AND s.created_at >= %(since)s AND s.created_at < %(until)s
 GROUP BY s.in_reply_to_account_id
 ORDER BY count(*) DESC, s.in_reply_to_account_id LIMIT 40

-- apps --
-- The apps that somebody posted with most.
SELECT s.application ->> 0 AS name, count(*) AS count
  FROM read.statuses s
 WHERE s.account_id = %(id)s AND s.application IS NOT NULL AND s.created_at >= %(since)s AND s.created_at < %(until)s
 GROUP BY s.application ->> 0
 ORDER BY count(*) DESC, name LIMIT 10

-- top --
-- Somebody's posts for everybody that were boosted, favourited and answered most.
SELECT (array_agg(s.id ORDER BY coalesce(c.boosts, 0) DESC, s.id) FILTER (WHERE c.boosts > 0))[1] AS by_reblogs,
       (array_agg(s.id ORDER BY coalesce(f.favourites, 0) DESC, s.id) FILTER (WHERE f.favourites > 0))[1]
           AS by_favourites,
       (array_agg(s.id ORDER BY coalesce(c.replies, 0) DESC, s.id) FILTER (WHERE c.replies > 0))[1] AS by_replies
  FROM read.statuses s
  LEFT JOIN read.status_counts c ON c.status_id = s.id
  LEFT JOIN read.favourite_counts f ON f.status_id = s.id
 WHERE s.account_id = %(id)s AND s.boost_of_id IS NULL AND s.visibility IN ('public', 'unlisted')
   AND s.created_at >= %(since)s AND s.created_at < %(until)s
