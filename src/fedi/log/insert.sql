-- append --
-- Appends units: one element per event in each array, each unit whole or not at all. See schemas/sql/log.sql.
SELECT unit, identity, "position", recorded_at
FROM log.append(
    %(units)b::integer[], %(identities)b::uuid[], %(names)b::text[], %(versions)b::integer[], %(causes)b::bigint[],
    %(payloads)b::bytea[]
);

-- find --
-- What the log holds under some identities, in its order.
SELECT notification_id, recorded_at, originator_id, topic, version, state
FROM log.events
WHERE originator_id = ANY (%(identities)b) AND originator_version = 1
ORDER BY notification_id;
