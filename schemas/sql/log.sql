-- The log: what was said to this server, in one order. Everything people read is folded from it.
--
-- Applied as a whole, as often as one likes; needs PostgreSQL 15.

CREATE SCHEMA IF NOT EXISTS log;

-- Position (notification_id) is dense from 1, and its order is the order of commits: only log.append gives positions.
-- The two originator columns are those the eventsourcing library reads; the primary key is what refuses duplicates.
-- The table has no free space to gain but what redaction leaves, so autovacuum goes by a count of rows, not by a share.
CREATE TABLE IF NOT EXISTS log.events (
    originator_id uuid NOT NULL,
    originator_version bigint NOT NULL DEFAULT 1 CHECK (originator_version = 1),
    notification_id bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    cause bigint CHECK (cause > 0 AND cause < notification_id),
    version integer NOT NULL CHECK (version > 0),
    topic text NOT NULL,
    state bytea NOT NULL,
    PRIMARY KEY (originator_id, originator_version),
    UNIQUE (notification_id)
) WITH (
    autovacuum_vacuum_threshold = 1000,
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_vacuum_insert_threshold = 100000,
    autovacuum_vacuum_insert_scale_factor = 0.05,
    autovacuum_analyze_threshold = 10000,
    autovacuum_analyze_scale_factor = 0.05
);

-- Payloads are JSON read from end to end: keep them whole and cheap to unpack. The statement locks the table, hence the test.
DO $$
BEGIN
    IF (SELECT attcompression FROM pg_attribute WHERE attrelid = 'log.events'::regclass AND attname = 'state') <> 'l' THEN
        ALTER TABLE log.events ALTER COLUMN state SET COMPRESSION lz4;
    END IF;
EXCEPTION WHEN feature_not_supported THEN
    NULL; -- a server built without lz4 packs as it always did
END
$$;

-- Appends units of events, each unit whole or not at all, in one call and one round trip.
--
-- The arrays are parallel, one element per event; events of a unit stand together. A unit one of whose identities is in
-- the log already is dropped. The caller sees to it that no identity stands twice in one call.
-- A cause is a position, or -n for the event n places earlier in the same unit. Without `tell` nobody hears of it: the
-- caller tells of it afterwards. `fallen` are units that are dropped in any case: what they were made from is not so any
-- more, as the statement that calls this has just found out.
--
-- Returns one row (0, NULL, position of the first event appended, recorded_at); the others follow it densely, in the
-- order given, without the dropped units. Before it a row for every dropped unit: its number, the identity that was
-- taken, and where and when that was recorded; of a fallen one nothing but its number.
--
-- A position must not become visible before a lower one, or a reader that tails the log skips the lower for ever. So the
-- lock is held from drawing positions until after COMMIT. It is an advisory lock: a table lock would also fight VACUUM,
-- ANALYZE and redaction. Callers use READ COMMITTED; under another isolation level a stale snapshot ends in an error.
-- Sequential scans are off because a plan made while the table was small would be kept when it is not. And it is kept:
-- to plan anew for each call, as it would be done for the sake of the arrays' lengths, cost more than the insertion.
CREATE OR REPLACE FUNCTION log.append(
    units integer[], identities uuid[], topics text[], versions integer[], causes bigint[], states bytea[], tell boolean,
    fallen integer[]
)
RETURNS TABLE (unit integer, identity uuid, "position" bigint, recorded_at timestamptz)
LANGUAGE plpgsql
SET enable_seqscan = off
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
    last_position bigint;
    last_recorded timestamptz;
    now_recorded timestamptz;
    dropped integer[] := fallen;
    appended bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(7378413967429627751); -- "fedi.log"
    -- Whatever the session prefers for its views: an acknowledged event is on disk.
    IF current_setting('synchronous_commit') = 'off' THEN
        PERFORM set_config('synchronous_commit', 'on', true);
    END IF;

    SELECT e.notification_id, e.recorded_at INTO last_position, last_recorded
    FROM log.events e ORDER BY e.notification_id DESC LIMIT 1;
    last_position := coalesce(last_position, 0);
    now_recorded := greatest(clock_timestamp(), last_recorded);

    -- To look for all at once is cheap, and nearly always nothing is found.
    IF dropped <> '{}'
        OR EXISTS (SELECT FROM log.events e WHERE e.originator_id = ANY (identities) AND e.originator_version = 1)
    THEN
        FOREACH unit IN ARRAY fallen LOOP
            RETURN NEXT;
        END LOOP;
        FOR unit, identity, "position", recorded_at IN
            SELECT DISTINCT ON (given.unit) given.unit, given.identity, e.notification_id, e.recorded_at
            FROM unnest(units, identities) WITH ORDINALITY AS given (unit, identity, place)
            JOIN log.events e ON e.originator_id = given.identity AND e.originator_version = 1
            WHERE given.unit <> ALL (fallen)
            ORDER BY given.unit, given.place
        LOOP
            dropped := dropped || unit;
            RETURN NEXT;
        END LOOP;
        SELECT
            array_agg(given.identity ORDER BY given.at), array_agg(given.topic ORDER BY given.at),
            array_agg(given.version ORDER BY given.at), array_agg(given.cause ORDER BY given.at),
            array_agg(given.state ORDER BY given.at)
        INTO identities, topics, versions, causes, states
        FROM unnest(units, identities, topics, versions, causes, states)
            WITH ORDINALITY AS given (unit, identity, topic, version, cause, state, at)
        WHERE given.unit <> ALL (dropped);
    END IF;

    appended := coalesce(cardinality(identities), 0);
    IF appended > 0 THEN
        INSERT INTO log.events (
            originator_id, notification_id, recorded_at, cause, version, topic, state
        )
        SELECT
            given.identity,
            last_position + given.place,
            now_recorded,
            CASE WHEN given.cause < 0 THEN last_position + given.place + given.cause ELSE given.cause END,
            given.version,
            given.topic,
            given.state
        FROM (
            -- In the list of what is selected, for what stands in FROM would be written to a temporary store first.
            SELECT
                generate_series(1, appended) AS place, unnest(identities) AS identity, unnest(topics) AS topic,
                unnest(versions) AS version, unnest(causes) AS cause, unnest(states) AS state
        ) AS given;
    END IF;
    IF tell THEN
        PERFORM pg_notify('fedi_log', (last_position + appended)::text);
    END IF;

    unit := 0;
    identity := NULL;
    "position" := last_position + 1;
    recorded_at := now_recorded;
    RETURN NEXT;
END
$$;

-- The same, of units that stand on nothing, and, once more, always told of: what older programs call, which may still
-- run beside newer ones.
CREATE OR REPLACE FUNCTION log.append(
    units integer[], identities uuid[], topics text[], versions integer[], causes bigint[], states bytea[], tell boolean
)
RETURNS TABLE (unit integer, identity uuid, "position" bigint, recorded_at timestamptz)
LANGUAGE sql
AS $$
    SELECT * FROM log.append(units, identities, topics, versions, causes, states, tell, '{}')
$$;
CREATE OR REPLACE FUNCTION log.append(
    units integer[], identities uuid[], topics text[], versions integer[], causes bigint[], states bytea[]
)
RETURNS TABLE (unit integer, identity uuid, "position" bigint, recorded_at timestamptz)
LANGUAGE sql
AS $$
    SELECT * FROM log.append(units, identities, topics, versions, causes, states, true, '{}')
$$;

-- Keeps the order of the log out of reach: rows are never removed, and of a row only the payload can change (erasure).
CREATE OR REPLACE FUNCTION log.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log is append-only: % refused', lower(TG_OP);
END
$$;

CREATE OR REPLACE TRIGGER refuse_removal
BEFORE DELETE OR TRUNCATE ON log.events
FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_change();

CREATE OR REPLACE TRIGGER refuse_reordering
BEFORE UPDATE OF originator_id, originator_version, notification_id, recorded_at, cause ON log.events
FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_change();
