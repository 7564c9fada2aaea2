-- gone --
-- What is gone of the posts and accounts under some keys, and is not to be erased shortly anyway.
SELECT replace(refs.key::text, '-', ''), refs.uri, refs.kind, refs.id
  FROM read.refs
  LEFT JOIN effects.erasures ON erasures.key = refs.key
 WHERE refs.key = ANY(%(keys)s::uuid[]) AND refs.kind IN ('status', 'account') AND refs.ended IS NOT NULL
   AND (erasures.key IS NULL OR erasures.done_at IS NOT NULL)
   AND refs.ended <= (SELECT position FROM effects.cursors WHERE name = 'erase');

-- again --
-- Have some posts and accounts erased once more, and what was found of them taken up into the index.
WITH given AS (
    SELECT refs.key, refs.kind, refs.uri, refs.id, said.position
      FROM unnest(%(keys)s::uuid[], %(positions)s::bigint[]) AS said (key, position)
      JOIN read.refs ON refs.key = said.key AND refs.kind IN ('status', 'account') AND refs.ended IS NOT NULL
), indexed AS (
    INSERT INTO read.log_index (key, position) SELECT key, position FROM given ON CONFLICT DO NOTHING
)
INSERT INTO effects.erasures (key, what, uri, actor, object_id, demand, position)
SELECT key, CASE kind WHEN 'account' THEN 'account' ELSE 'post' END, uri, '', id, 'origin', max(position)
  FROM given
 GROUP BY key, kind, uri, id
    ON CONFLICT (key) DO UPDATE
   SET position = greatest(erasures.position, excluded.position), through = 0, done_at = NULL;
