-- counts --
-- How many people and posts there are here, how many wrote lately, and how many servers are known.
SELECT (SELECT count(*) FROM registry.users WHERE confirmed_at IS NOT NULL AND approved AND NOT disabled) AS users,
       (SELECT coalesce(sum(c.statuses), 0)::bigint
          FROM read.account_statuses c JOIN read.accounts a ON a.id = c.account_id AND a.domain IS NULL) AS statuses,
       (SELECT count(DISTINCT domain) FROM read.accounts WHERE domain IS NOT NULL) AS domains,
       (SELECT count(DISTINCT user_id) FROM registry.tokens WHERE last_used_at > now() - interval '28 days') AS active_month,
       (SELECT count(DISTINCT user_id) FROM registry.tokens
         WHERE last_used_at > now() - interval '180 days') AS active_halfyear

-- contact --
-- The account that stands for the server: its first admin's.
SELECT account_id FROM registry.users WHERE role = 'admin' AND NOT disabled ORDER BY id LIMIT 1

-- activity --
-- What happened here in the last twelve weeks: posts, who was seen (posting, or last using an app), who signed up.
SELECT extract(epoch FROM week.began)::bigint AS week,
       (SELECT count(*) FROM read.statuses s
         WHERE s.local AND s.created_at >= week.began AND s.created_at < week.began + interval '7 days'
           AND s.id >= (extract(epoch FROM week.began)::bigint * 1000) << 16) AS statuses,
       (SELECT count(*) FROM registry.users u
         WHERE EXISTS (SELECT FROM registry.tokens t WHERE t.user_id = u.id AND t.last_used_at >= week.began
                                                       AND t.last_used_at < week.began + interval '7 days')
            OR EXISTS (SELECT FROM read.statuses s
                        WHERE s.account_id = u.account_id AND s.created_at >= week.began
                          AND s.created_at < week.began + interval '7 days')) AS logins,
       (SELECT count(*) FROM registry.users u
         WHERE u.created_at >= week.began AND u.created_at < week.began + interval '7 days') AS registrations
  FROM (SELECT date_trunc('week', %(now)s::timestamptz AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'
               - back * interval '7 days' AS began
          FROM generate_series(0, 11) AS back) AS week
 ORDER BY week.began DESC

-- peers --
-- The servers that are known.
SELECT DISTINCT lower(domain) AS domain FROM read.accounts WHERE domain IS NOT NULL AND NOT suspended ORDER BY 1

-- peers_like --
-- The known servers whose names begin with a text, those with most people first.
SELECT lower(domain) AS domain FROM read.accounts
 WHERE lower(domain) LIKE %(prefix)s AND NOT suspended
 GROUP BY lower(domain) ORDER BY count(*) DESC, 1 LIMIT %(limit)s
