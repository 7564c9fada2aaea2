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
