-- depths --
-- How many fetches led to what some events caused.
SELECT cause, max(depth) FROM effects.fetches WHERE cause = ANY(%(causes)s::bigint[]) GROUP BY cause;

-- queue --
-- Queue what is to be learnt; what was asked for within a day is not asked for again. Each host has room for so much.
INSERT INTO effects.fetches (uri, kind, host, depth, cause, asker)
SELECT uri, kind, host, depth, cause, asker
  FROM (SELECT wanted.*, row_number() OVER (PARTITION BY asker ORDER BY cause) AS place
          FROM (SELECT DISTINCT ON (uri, kind) given.*
                  FROM unnest(%(uris)s::text[], %(kinds)s::text[], %(hosts)s::text[], %(depths)s::integer[],
                              %(causes)s::bigint[], %(askers)s::text[])
                       AS given (uri, kind, host, depth, cause, asker)
                 ORDER BY uri, kind, depth) AS wanted) AS numbered
  LEFT JOIN (SELECT asker, count(*) AS number
               FROM effects.fetches
              WHERE finished_at IS NULL AND asker = ANY(%(askers)s::text[]) AND asker <> ''
              GROUP BY asker) AS waiting USING (asker)
 WHERE asker = '' OR place + coalesce(waiting.number, 0) <= %(most)s
    ON CONFLICT (uri, kind) DO UPDATE
   SET depth = excluded.depth, cause = excluded.cause, asker = excluded.asker, attempts = 0, due_at = now(),
       position = NULL, finished_at = NULL
 WHERE fetches.finished_at < now() - interval '1 day';

-- again --
-- What is said to be another one now is asked for again, but not twice within a minute.
UPDATE effects.fetches
   SET attempts = 0, due_at = greatest(now(), finished_at + interval '1 minute'), position = NULL, finished_at = NULL
 WHERE uri = ANY(%(uris)s::text[]) AND kind = 'object' AND finished_at IS NOT NULL;

-- due --
-- The next for each host that nothing is being fetched from, longest waiting first.
SELECT uri, kind, host, cause, attempts
  FROM (
       SELECT DISTINCT ON (host) uri, kind, host, cause, attempts, due_at
         FROM effects.fetches
        WHERE finished_at IS NULL AND due_at <= now() AND host <> ALL(%(busy)s::text[])
        ORDER BY host, due_at
  ) AS waiting
 ORDER BY due_at
 LIMIT %(limit)s;

-- next_due --
-- Seconds until something is to be fetched.
SELECT extract(epoch FROM min(due_at) - now())::float8 FROM effects.fetches
 WHERE finished_at IS NULL AND host <> ALL(%(busy)s::text[]);

-- finish --
-- It was learnt, or never will be.
UPDATE effects.fetches SET attempts = attempts + 1, position = %(position)s, finished_at = now()
 WHERE uri = %(uri)s AND kind = %(kind)s;

-- postpone --
-- It may be learnt later.
UPDATE effects.fetches SET attempts = attempts + 1, due_at = now() + %(wait)s WHERE uri = %(uri)s AND kind = %(kind)s;

-- prune --
-- Forget what was fetched a while ago.
DELETE FROM effects.fetches WHERE finished_at < now() - interval '2 days';
