-- parked --
-- Events that could not be taken through a fault of ours: by the views, which have no name here, or by an effect.
SELECT 'views' AS name, position, error, false AS wanted FROM read.parked
UNION ALL
SELECT name, position, error, wanted FROM effects.parked
 ORDER BY 2, 1;

-- want --
-- Have the effects try all that they could not take again.
UPDATE effects.parked SET wanted = true;
