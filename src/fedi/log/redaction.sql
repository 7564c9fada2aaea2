-- lock_rows --
-- The events at some positions, kept from other redactions. In order, so that two redactions cannot block each other.
SELECT notification_id, originator_id, topic, version, recorded_at, cause, state
FROM log.events
WHERE notification_id = ANY (%(positions)s)
ORDER BY notification_id
FOR NO KEY UPDATE;

-- overwrite --
-- Puts other payloads in the place of what was said.
UPDATE log.events e
SET topic = new.topic, version = new.version, state = new.state
FROM unnest(
    %(positions)b::bigint[], %(names)b::text[], %(versions)b::integer[], %(payloads)b::bytea[]
) AS new (notification_id, topic, version, state)
WHERE e.notification_id = new.notification_id;

-- vacuum --
-- Frees the space of overwritten payloads.
VACUUM log.events;
