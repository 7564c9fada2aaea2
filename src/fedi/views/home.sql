-- near_downwards --
-- The id above which those whom the viewer follows said so much, if they did, told by the latest of each.
SELECT said.id
  FROM (SELECT target_id FROM read.follows WHERE account_id = %(viewer)s AND accepted) AS author (id)
 CROSS JOIN LATERAL (SELECT id FROM read.statuses
                      WHERE account_id = author.id AND id < %(below)s AND id > %(above)s
                      ORDER BY id DESC LIMIT %(limit)s) AS said
 ORDER BY said.id DESC OFFSET %(enough)s LIMIT 1;

-- near_upwards --
-- The id below which they did, told by the first of each.
SELECT said.id
  FROM (SELECT target_id FROM read.follows WHERE account_id = %(viewer)s AND accepted) AS author (id)
 CROSS JOIN LATERAL (SELECT id FROM read.statuses
                      WHERE account_id = author.id AND id < %(below)s AND id > %(above)s
                      ORDER BY id ASC LIMIT %(limit)s) AS said
 ORDER BY said.id ASC OFFSET %(enough)s LIMIT 1;

-- downwards --
-- A page of a home timeline, the newest first. What home is, the views themselves define.
SELECT id FROM read.home_timeline(%(viewer)s, %(below)s, %(above)s, %(limit)s);

-- upwards --
-- The first statuses of a home timeline above an id, the oldest first.
SELECT id FROM read.home_timeline_upwards(%(viewer)s, %(below)s, %(above)s, %(limit)s);
