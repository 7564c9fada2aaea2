-- create --
-- One generation of the views: how far it is folded, by which versions, and what could not be folded.
CREATE TABLE cursor (
    position bigint NOT NULL,
    generation text NOT NULL
);
CREATE TABLE projections (
    name text PRIMARY KEY,
    version integer NOT NULL
);
CREATE TABLE parked (
    position bigint PRIMARY KEY,
    error text NOT NULL
);

-- build --
-- A session that makes one index after the other, beside another that does so too, or looks at tables: at a tenth of the
-- rows that would be usual.
SELECT set_config('synchronous_commit', 'off', false), set_config('max_parallel_maintenance_workers', '0', false),
       set_config('default_statistics_target', '10', false);

-- filled --
-- The tables of a generation that hold something, the largest first.
SELECT relname FROM pg_class
 WHERE relnamespace = %(schema)s::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > 0
 ORDER BY pg_relation_size(oid) DESC;

-- begin --
-- A new generation has folded nothing.
INSERT INTO cursor (position, generation) VALUES (0, %(generation)s);

-- begin_versions --
-- The versions by which a generation is folded.
INSERT INTO projections (name, version) SELECT * FROM unnest(%(names)s::text[], %(versions)s::int[]);

-- versions --
-- The versions by which a generation was folded.
SELECT name, version FROM projections;

-- exists --
-- Whether the views are there at all.
SELECT to_regclass(%(table)s) IS NOT NULL;

-- fold_lock --
-- Folding a batch and putting a new generation in place exclude each other.
SELECT pg_advisory_xact_lock(hashtextextended('fedi:fold', 0));

-- begin_turn --
-- The beginning of a transaction in which a batch is folded.
BEGIN;

-- end_turn --
-- The end of that transaction.
COMMIT;

-- unread --
-- How far a generation is folded, in the last column, beside what of the log comes next.
SELECT events.notification_id, events.originator_id, events.topic, events.version, events.recorded_at, events.cause,
       events.state, (SELECT position FROM cursor) AS folded
  FROM log.events
 WHERE events.notification_id > (SELECT position FROM cursor)
 ORDER BY events.notification_id
 LIMIT %(limit)s;

-- leader --
-- Only one projector folds; another waits until the first is gone.
SELECT pg_try_advisory_lock(hashtextextended('fedi:projector', 0));

-- rebuilder --
-- Only one process folds views anew at a time: another would drop the generation on which the first is at work, even
-- after that has become the live one. Held until the session ends.
SELECT pg_try_advisory_lock(hashtextextended('fedi:rebuild', 0));

-- position --
-- How far a generation is folded.
SELECT position FROM cursor;

-- advance --
-- Everything up to a position is folded.
UPDATE cursor SET position = %(position)s;

-- advance_and_tell --
-- Everything up to a position is folded, and whoever waits for it, or remembers what was before, may know.
WITH moved AS (UPDATE cursor SET position = %(position)s RETURNING position)
SELECT pg_notify(%(channel)s, payload) FROM moved, unnest(%(payloads)s::text[]) AS payload;

-- tell --
-- Whoever remembers what the views held may know.
SELECT pg_notify(%(channel)s, %(payload)s);

-- park --
-- An event that no projection can take in: the rest goes on without it.
INSERT INTO parked (position, error) VALUES (%(position)s, %(error)s) ON CONFLICT DO NOTHING;

-- parked --
-- Events that could not be folded.
SELECT position, error FROM parked ORDER BY position;

-- tables --
-- The tables of a generation.
SELECT table_name FROM information_schema.tables
 WHERE table_schema = %(schema)s AND table_type = 'BASE TABLE' ORDER BY table_name;
