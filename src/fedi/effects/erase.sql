-- note_known --
-- Note posts and accounts that are gone.
INSERT INTO effects.erasures (key, what, uri, actor, object_id, demand, position)
SELECT DISTINCT ON (refs.key)
       refs.key, CASE refs.kind WHEN 'account' THEN 'account' ELSE 'post' END, refs.uri, coalesce(author.uri, ''),
       refs.id, given.demand, given.position
  FROM json_to_recordset(%(rows)s::json) AS given (object_id bigint, demand text, position bigint)
  JOIN read.refs ON refs.id = given.object_id AND refs.kind IN ('status', 'account') AND refs.ended IS NOT NULL
  LEFT JOIN read.refs AS author ON author.id = refs.author_id AND author.kind = 'account'
 ORDER BY refs.key, given.position DESC
    ON CONFLICT (key) DO UPDATE SET position = greatest(erasures.position, excluded.position), done_at = NULL;

-- note_others --
-- Note what has no id here: posts that were taken back before they came, and plans.
INSERT INTO effects.erasures (key, what, uri, actor, object_id, demand, position)
SELECT key, what, uri, actor, object_id, demand, position
  FROM json_to_recordset(%(rows)s::json)
       AS given (key uuid, what text, uri text, actor text, object_id bigint, demand text, position bigint)
    ON CONFLICT (key) DO UPDATE SET position = greatest(erasures.position, excluded.position), done_at = NULL;

-- note_late --
-- Note what is gone and is spoken of once more: late copies, or somebody's quotation. Who asked first is who asks.
INSERT INTO effects.erasures (key, what, uri, actor, object_id, demand, position)
SELECT refs.key, CASE refs.kind WHEN 'account' THEN 'account' ELSE 'post' END, refs.uri, coalesce(author.uri, ''),
       refs.id, 'origin', max(given.position)
  FROM unnest(%(keys)s::uuid[], %(positions)s::bigint[]) AS given (key, position)
  JOIN read.refs ON refs.key = given.key AND refs.kind IN ('status', 'account') AND refs.ended < given.position
  LEFT JOIN read.refs AS author ON author.id = refs.author_id AND author.kind = 'account'
 GROUP BY refs.key, refs.kind, refs.uri, refs.id, author.uri
    ON CONFLICT (key) DO UPDATE SET position = greatest(erasures.position, excluded.position), done_at = NULL;

-- note_pages --
-- Note pages that no post shares, and of which the views know nothing any more.
INSERT INTO effects.erasures (key, what, uri, actor, demand, position)
SELECT given.key, 'page', '', '', 'author', given.position
  FROM unnest(%(keys)s::uuid[], %(positions)s::bigint[]) AS given (key, position)
 WHERE NOT EXISTS (SELECT FROM read.cards WHERE cards.key = given.key)
    ON CONFLICT (key) DO UPDATE SET position = greatest(erasures.position, excluded.position), done_at = NULL;
