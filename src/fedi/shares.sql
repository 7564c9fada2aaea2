-- join --
-- Be counted among those who share a work, until this session ends.
SELECT pg_advisory_lock_shared(%(work)s, %(member)s);

-- look --
-- How many share a work, which slices of it somebody has, and which of them this session has.
SELECT count(*) FILTER (WHERE objid = %(member)s),
       coalesce(array_agg(objid::integer) FILTER (WHERE objid <> %(member)s), '{}'),
       coalesce(array_agg(objid::integer) FILTER (WHERE objid <> %(member)s AND pid = pg_backend_pid()), '{}')
  FROM pg_locks
 WHERE locktype = 'advisory' AND objsubid = 2 AND classid = %(work)s AND granted
   AND database = (SELECT oid FROM pg_database WHERE datname = current_database());

-- take --
-- Take a slice, if nobody has it, until this session ends.
SELECT pg_try_advisory_lock(%(work)s, %(slice)s);

-- leave --
-- Let others take a slice.
SELECT pg_advisory_unlock(%(work)s, %(slice)s);

-- holders --
-- The sessions that have a right to some work, and how many slices of it each has. The two works that one process does
-- at a time are locks of one number, as `effects/fence` and `projections/generation` take them.
SELECT CASE
       WHEN held.objsubid = 2 AND held.classid = %(feeds)s THEN 'home feeds'
       WHEN held.objsubid = 2 AND held.classid = %(deliveries)s THEN 'deliveries'
       WHEN held.number = %(fence)s THEN 'effects'
       ELSE 'fold'
       END AS work,
       session.application_name,
       count(*) FILTER (WHERE held.objsubid = 1 OR held.objid <> %(member)s)
  FROM (SELECT *, (classid::bigint << 32) | objid::bigint AS number FROM pg_locks
         WHERE locktype = 'advisory' AND granted
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS held
  JOIN pg_stat_activity AS session ON session.pid = held.pid
 WHERE (held.objsubid = 2 AND held.classid IN (%(feeds)s, %(deliveries)s))
    OR (held.objsubid = 1 AND held.number IN (%(fence)s, hashtextextended('fedi:projector', 0)))
 GROUP BY 1, 2
 ORDER BY 1, 2;
