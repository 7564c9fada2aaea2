-- near --
-- The id as far as which those whom the viewer follows said so much, if they did: told by the first of each that a page
-- meets.
SELECT said.id
  FROM (SELECT target_id FROM read.follows WHERE account_id = %(viewer)s AND accepted) AS author (id)
 CROSS JOIN LATERAL (SELECT id FROM read.statuses
                      WHERE account_id = author.id AND id < %(below)s AND id > %(above)s
                      ORDER BY id {order} LIMIT %(limit)s) AS said
 ORDER BY said.id {order} OFFSET %(enough)s LIMIT 1;

-- downwards --
-- A page of a home timeline, the newest first. What home is, the views themselves define.
SELECT id FROM read.home_timeline(%(viewer)s, %(below)s, %(above)s, %(limit)s);

-- upwards --
-- The first statuses of a home timeline above an id, the oldest first.
SELECT id FROM read.home_timeline_upwards(%(viewer)s, %(below)s, %(above)s, %(limit)s);
