-- append --
-- Appends units: one element per event in each array, each unit whole or not at all. See schemas/sql/log.sql.
SELECT unit, identity, "position", recorded_at
FROM log.append(
    $1::integer[], $2::uuid[], $3::text[], $4::integer[], $5::bigint[], $6::bytea[], $7::boolean,
    coalesce(({fallen}), '{{}}')
);

-- tell --
-- Tells those who listen how far the log goes.
SELECT pg_notify('fedi_log', max(notification_id)::text) FROM log.events;

-- begin --
-- Nothing: but a connection that is not in autocommit mode begins its transaction with it.
SELECT;

-- find --
-- What the log holds under some identities, in its order.
SELECT notification_id, recorded_at, originator_id, topic, version, state
FROM log.events
WHERE originator_id = ANY (%(identities)b) AND originator_version = 1
ORDER BY notification_id;
