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
-- What happened here in the last twelve weeks: posts, who was seen (posting, or last using an app), who signed up. What
-- was posted is read once: week by week, and for each who lives here, it took 10 s at a million statuses.
WITH weeks AS (
    SELECT date_trunc('week', %(now)s::timestamptz AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'
           - back * interval '7 days' AS began
      FROM generate_series(0, 11) AS back
), posted AS (
    SELECT date_trunc('week', s.created_at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' AS began, s.account_id,
           count(*) AS statuses
      FROM read.statuses s
     WHERE s.local AND s.id >= (SELECT extract(epoch FROM min(began))::bigint * 1000 << 16 FROM weeks)
     GROUP BY 1, 2
), seen AS (
    SELECT began, account_id FROM posted
     UNION
    SELECT date_trunc('week', t.last_used_at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC', u.account_id
      FROM registry.tokens t
      JOIN registry.users u ON u.id = t.user_id
), registered AS (
    SELECT date_trunc('week', created_at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' AS began, count(*) AS users
      FROM registry.users
     GROUP BY 1
)
SELECT extract(epoch FROM weeks.began)::bigint AS week,
       (SELECT coalesce(sum(posted.statuses), 0)::bigint FROM posted WHERE posted.began = weeks.began) AS statuses,
       (SELECT count(*) FROM seen JOIN registry.users u ON u.account_id = seen.account_id
         WHERE seen.began = weeks.began) AS logins,
       coalesce(registered.users, 0) AS registrations
  FROM weeks
  LEFT JOIN registered ON registered.began = weeks.began
 ORDER BY weeks.began DESC

-- peers --
-- The servers that are known.
SELECT DISTINCT lower(domain) AS domain FROM read.accounts WHERE domain IS NOT NULL AND NOT suspended ORDER BY 1

-- peers_like --
-- The known servers whose names begin with a text, those with most people first. In a plan that is kept LIKE would use
-- no index.
SELECT lower(domain) AS domain FROM read.accounts
 WHERE lower(domain) ~>=~ %(beginning)s AND lower(domain) ~<~ %(beyond)s AND domain IS NOT NULL AND NOT suspended
 GROUP BY lower(domain) ORDER BY count(*) DESC, 1 LIMIT %(limit)s
