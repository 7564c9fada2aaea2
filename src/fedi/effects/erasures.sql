-- standing --
-- How many posts and accounts are erased, and how many wait.
SELECT count(*) FILTER (WHERE what IN ('post', 'unseen') AND done_at IS NOT NULL) AS posts,
       count(*) FILTER (WHERE what = 'account' AND done_at IS NOT NULL) AS accounts,
       coalesce(sum(payloads), 0) AS payloads,
       count(*) FILTER (WHERE done_at IS NULL) AS waiting,
       min(asked_at) FILTER (WHERE done_at IS NULL) AS waiting_since,
       count(*) FILTER (WHERE listed_at IS NULL AND done_at IS NOT NULL AND what NOT IN ('plan', 'page')) AS unlisted,
       max(done_at) AS last_done_at
  FROM effects.erasures;
