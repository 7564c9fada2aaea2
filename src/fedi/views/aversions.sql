-- aversions --
-- Whom some people mute or block, who blocks them, and which servers they block.
SELECT account_id, target_id, NULL::text AS domain, expires_at
  FROM read.mutes WHERE account_id = ANY(%(accounts)s::bigint[])
 UNION ALL
SELECT account_id, target_id, NULL, NULL FROM read.blocks WHERE account_id = ANY(%(accounts)s::bigint[])
 UNION ALL
SELECT target_id, account_id, NULL, NULL FROM read.blocks WHERE target_id = ANY(%(accounts)s::bigint[])
 UNION ALL
SELECT account_id, NULL, domain, NULL FROM read.domain_blocks WHERE account_id = ANY(%(accounts)s::bigint[])

-- open_posts --
-- Those of some statuses that are open to everybody whom nothing stands between, as far as people are concerned.
SELECT s.id, s.account_id, a.domain, coalesce(a.suspended OR a.limited, false) AS hidden,
       (SELECT array_agg(n.account_id) FROM read.status_mentions n
         WHERE n.status_id = s.id AND NOT n.silent) AS named,
       (SELECT array_agg(m.domain)
          FROM read.status_mentions n JOIN read.accounts m ON m.id = n.account_id
         WHERE n.status_id = s.id AND NOT n.silent AND m.domain IS NOT NULL) AS named_domains
  FROM read.statuses s
  LEFT JOIN read.accounts a ON a.id = s.account_id
 WHERE s.id = ANY(%(ids)s::bigint[]) AND s.visibility = ANY(%(open)s::text[]) AND s.boost_of_id IS NULL
