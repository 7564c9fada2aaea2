-- of --
-- The event of an identity.
SELECT notification_id, originator_id, topic, version, recorded_at, cause, state
FROM log.events
WHERE originator_id = %(identity)s AND originator_version = 1;

-- last --
-- The highest position.
SELECT notification_id FROM log.events ORDER BY notification_id DESC LIMIT 1;
