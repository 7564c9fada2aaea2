-- sent --
-- Deliveries that fit, the newest first.
SELECT deliveries.position, deliveries.kind, deliveries.about, inboxes.url AS inbox, deliveries.host, deliveries.status,
       deliveries.attempts, deliveries.said_at, deliveries.finished_at,
       coalesce(accounts.username, '') AS author,
       coalesce(deliveries.outcome, 'waiting') AS outcome,
       CASE WHEN deliveries.outcome IS NULL THEN greatest(hosts.wake_at, nullif(deliveries.due_at, '-infinity')) END AS next_at
  FROM effects.deliveries
  JOIN effects.inboxes ON inboxes.id = deliveries.inbox_id
  LEFT JOIN effects.hosts ON hosts.name = deliveries.host
  LEFT JOIN read.accounts ON accounts.id = deliveries.account_id
 WHERE (%(about)s::bigint IS NULL OR deliveries.about = %(about)s)
   AND (%(author_id)s::bigint IS NULL OR deliveries.account_id = %(author_id)s)
   AND (%(host)s::text IS NULL OR deliveries.host = %(host)s)
   AND (%(outcome)s::text IS NULL OR coalesce(deliveries.outcome, 'waiting') = %(outcome)s)
 ORDER BY deliveries.position DESC, inboxes.url
 LIMIT %(limit)s;

-- counted --
-- How many deliveries that fit ended in which way, or wait.
SELECT coalesce(outcome, 'waiting'), count(*)
  FROM effects.deliveries
 WHERE (%(about)s::bigint IS NULL OR about = %(about)s)
   AND (%(author_id)s::bigint IS NULL OR account_id = %(author_id)s)
   AND (%(host)s::text IS NULL OR host = %(host)s)
   AND (%(outcome)s::text IS NULL OR coalesce(outcome, 'waiting') = %(outcome)s)
 GROUP BY 1
 ORDER BY 1;

-- counted_by_subject --
-- How many deliveries of an account's, about each of some posts, ended in which way, or wait.
SELECT about, coalesce(outcome, 'waiting'), count(*)
  FROM effects.deliveries
 WHERE about = ANY(%(abouts)s::bigint[]) AND account_id = %(author_id)s
 GROUP BY 1, 2
 ORDER BY 1, 2;

-- hosts --
-- Hosts, those in the greatest trouble first.
SELECT hosts.name, hosts.failures, hosts.recovering, hosts.width, hosts.gap, hosts.form, hosts.delivered_at,
       hosts.failing_at, hosts.wake_at AS next_at, coalesce(waiting.count, 0) AS waiting, waiting.oldest_at
  FROM effects.hosts
  LEFT JOIN (
       SELECT host, count(*), min(said_at) AS oldest_at FROM effects.deliveries WHERE outcome IS NULL GROUP BY host
  ) AS waiting ON waiting.host = hosts.name
 WHERE %(every)s OR hosts.failures > 0 OR waiting.count > 0
 ORDER BY hosts.failures DESC, waiting.count DESC NULLS LAST, hosts.name;

-- lock --
-- See deliver.sql.
SELECT pg_advisory_xact_lock(%(lock)s);

-- refusing --
-- Hosts, or one, that refused something that is not too old.
SELECT DISTINCT host FROM effects.deliveries
 WHERE outcome = 'refused' AND said_at > %(since)s AND (%(host)s::text IS NULL OR host = %(host)s);

-- reopen --
-- Let what hosts refused wait again, unless it is too old.
UPDATE effects.deliveries SET outcome = NULL, finished_at = NULL, attempts = 0, due_at = '-infinity'
 WHERE outcome = 'refused' AND said_at > %(since)s AND host = ANY(%(hosts)s::text[]);

-- hurry --
-- Let what was set aside be due.
UPDATE effects.deliveries SET due_at = '-infinity'
 WHERE outcome IS NULL AND due_at > %(now)s AND (%(host)s::text IS NULL OR host = %(host)s);

-- wake --
-- Let the lanes that something waits for go on.
UPDATE effects.hosts SET wake_at = %(now)s
  FROM (SELECT host, count(*) AS waiting FROM effects.deliveries WHERE outcome IS NULL GROUP BY host) AS held
 WHERE held.host = hosts.name AND (%(host)s::text IS NULL OR hosts.name = %(host)s)
RETURNING hosts.name AS host, held.waiting;
