-- standing --
-- How far the effects have come; how far the views are folded, as they stand, for after a crash of the database they may
-- have lost a little; and whether somebody wants parked events to be tried again.
SELECT name, position, (SELECT position FROM read.cursor) AS folded,
       EXISTS (SELECT FROM effects.parked WHERE parked.wanted AND parked.name = ANY(%(names)s)) AS wanted
  FROM effects.cursors WHERE name = ANY(%(names)s);

-- move --
-- Move cursors on from where they were. Nobody else moves them; if one is not there, the count tells.
UPDATE effects.cursors SET position = %(to)s WHERE name = ANY(%(names)s) AND position = %(from)s;

-- park --
-- Keep an event that an effect cannot take, for people to look at.
INSERT INTO effects.parked (name, position, error) VALUES (%(name)s, %(position)s, %(error)s)
    ON CONFLICT (name, position) DO UPDATE SET error = excluded.error, parked_at = now(), wanted = false;

-- wanted --
-- Parked events that somebody wants to be tried again, in their order.
SELECT name, position FROM effects.parked WHERE wanted AND name = ANY(%(names)s) ORDER BY position, name LIMIT 100;

-- unpark --
-- A parked event was taken after all.
DELETE FROM effects.parked WHERE name = %(name)s AND position = %(position)s;
