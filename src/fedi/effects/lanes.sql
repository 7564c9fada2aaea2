-- ready --
-- Hosts of our slices whose lane may go on, those that are well and those that failed, each longest waiting first and as many as there
-- is room for; and what waits for each in order. A delivery that was set aside keeps later ones about the same thing back,
-- and what answers it. A host with nothing due comes with one empty row, and is put to rest.
WITH ready AS (
    (SELECT name, form, failures, recovering, width, gap, wake_at
       FROM effects.hosts
      WHERE wake_at <= %(now)s AND name <> ALL(%(busy)s::text[])
        AND abs(hashtext(name)::bigint) %% %(of)s = ANY(%(slices)s::integer[]) AND failures = 0
      ORDER BY wake_at
      LIMIT %(quick)s)
    UNION ALL
    (SELECT name, form, failures, recovering, width, gap, wake_at
       FROM effects.hosts
      WHERE wake_at <= %(now)s AND name <> ALL(%(busy)s::text[])
        AND abs(hashtext(name)::bigint) %% %(of)s = ANY(%(slices)s::integer[]) AND failures > 0
      ORDER BY wake_at
      LIMIT %(slow)s)
)
SELECT ready.name AS host, abs(hashtext(ready.name)::bigint) %% %(of)s AS slice, ready.form, ready.failures, ready.recovering, ready.width, ready.gap,
       waiting.position, waiting.inbox_id, inboxes.url, waiting.account_id, waiting.about, waiting.after, waiting.said_at,
       waiting.attempts, waiting.status,
       NOT EXISTS (SELECT FROM read.accounts WHERE accounts.id = waiting.account_id) AS orphaned
  FROM ready
  LEFT JOIN LATERAL (
       SELECT *
         FROM effects.deliveries AS each
        WHERE each.host = ready.name AND each.outcome IS NULL AND each.due_at <= %(now)s
          AND NOT EXISTS (
              SELECT FROM effects.deliveries AS aside
               WHERE aside.host = each.host AND aside.about IN (each.about, each.after) AND aside.outcome IS NULL
                 AND aside.attempts > 0 AND aside.due_at > %(now)s AND aside.position < each.position
          )
        ORDER BY each.position, each.inbox_id
        LIMIT %(deliveries)s
  ) AS waiting ON true
  LEFT JOIN effects.inboxes ON inboxes.id = waiting.inbox_id
 ORDER BY ready.wake_at, ready.name, waiting.position, waiting.inbox_id;

-- next_wake --
-- Seconds until the next lane that there is room for may go on.
SELECT extract(epoch FROM min(wake_at) - %(now)s)::float8 FROM effects.hosts
 WHERE wake_at IS NOT NULL AND name <> ALL(%(busy)s::text[])
   AND abs(hashtext(name)::bigint) %% %(of)s = ANY(%(slices)s::integer[])
   AND CASE WHEN failures = 0 THEN %(quick)s > 0 ELSE %(slow)s > 0 END;

-- lock --
-- See deliver.sql.
SELECT pg_advisory_xact_lock(%(lock)s);

-- report --
-- What became of deliveries.
UPDATE effects.deliveries AS each
   SET attempts = each.attempts + 1,
       status = given.status,
       outcome = given.outcome,
       due_at = coalesce(given.due_at, each.due_at),
       finished_at = CASE WHEN given.outcome IS NOT NULL THEN %(now)s END
  FROM json_to_recordset(%(results)s::json) AS given (
           position bigint, inbox_id integer, status integer, outcome text, due_at timestamptz
       )
 WHERE each.position = given.position AND each.inbox_id = given.inbox_id;

-- rest --
-- What became of hosts: a lane goes on when its pause is over and something is due, and rests when nothing waits. What
-- stays behind something that was set aside (see ready) is not due yet, or the lane would turn and turn with no load.
UPDATE effects.hosts
   SET form = given.form,
       failures = given.failures,
       width = (given.pace ->> 'width')::integer,
       gap = (given.pace ->> 'gap')::float8,
       delivered_at = CASE WHEN given.taken THEN %(now)s ELSE hosts.delivered_at END,
       failing_at = CASE WHEN given.failures > 0 THEN coalesce(hosts.failing_at, %(now)s) END,
       recovering = (hosts.recovering OR given.failures >= %(breaker_opens)s) AND waiting.earliest IS NOT NULL,
       wake_at = greatest(given.wake_at, waiting.earliest)
                 + CASE WHEN waiting.earliest IS NULL THEN NULL ELSE interval '0' END,
       used_at = %(now)s
  FROM json_to_recordset(%(rests)s::json) AS given (
           host text, form text, failures integer, pace json, taken boolean, wake_at timestamptz
       )
  CROSS JOIN LATERAL (
       SELECT CASE
              WHEN EXISTS (SELECT FROM effects.deliveries AS each
                            WHERE each.host = given.host AND each.outcome IS NULL AND each.due_at <= %(now)s
                              AND NOT EXISTS (
                                  SELECT FROM effects.deliveries AS aside
                                   WHERE aside.host = each.host AND aside.about IN (each.about, each.after)
                                     AND aside.outcome IS NULL AND aside.attempts > 0 AND aside.due_at > %(now)s
                                     AND aside.position < each.position
                              ))
              THEN %(now)s::timestamptz
              ELSE (SELECT min(each.due_at) FROM effects.deliveries AS each
                     WHERE each.host = given.host AND each.outcome IS NULL AND each.due_at > %(now)s)
              END AS earliest
  ) AS waiting
 WHERE hosts.name = given.host;

-- prune --
-- Forget deliveries that ended a while ago, and hosts that nothing was sent to for long.
WITH old AS (
    DELETE FROM effects.deliveries WHERE outcome IS NOT NULL AND finished_at < %(now)s - interval '14 days'
)
DELETE FROM effects.hosts WHERE wake_at IS NULL AND used_at < %(now)s - interval '30 days';
