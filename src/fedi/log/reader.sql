-- after --
-- The log from a position on.
SELECT notification_id, originator_id, topic, version, recorded_at, cause, state
FROM log.events
WHERE notification_id > %(after)s
ORDER BY notification_id
LIMIT %(limit)s;

-- at --
-- The events at some positions.
SELECT notification_id, originator_id, topic, version, recorded_at, cause, state
FROM log.events
WHERE notification_id = ANY (%(positions)s)
ORDER BY notification_id;

-- last --
-- The highest position.
SELECT coalesce(max(notification_id), 0) FROM log.events;

-- listen --
-- Has the session told of appends.
LISTEN fedi_log;
