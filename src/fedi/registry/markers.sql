-- of_account --
-- The markers of one reader.
SELECT timeline, last_read_id, version, updated_at
  FROM registry.markers
 WHERE account_id = %(account_id)s AND timeline = ANY(%(timelines)s::text[])

-- move --
-- Put a marker somewhere else.
INSERT INTO registry.markers AS marker (account_id, timeline, last_read_id, updated_at)
VALUES (%(account_id)s, %(timeline)s, %(last_read_id)s, %(moment)s)
ON CONFLICT (account_id, timeline)
DO UPDATE SET last_read_id = excluded.last_read_id, version = marker.version + 1, updated_at = excluded.updated_at
RETURNING timeline, last_read_id, version, updated_at
