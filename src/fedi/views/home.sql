-- downwards --
-- A page of a home timeline, the newest first. What home is, the views themselves define.
SELECT id FROM read.home_timeline(%(viewer)s, %(below)s, %(above)s, %(limit)s);

-- upwards --
-- The first statuses of a home timeline above an id, the oldest first.
SELECT id FROM read.home_timeline_upwards(%(viewer)s, %(below)s, %(above)s, %(limit)s);
