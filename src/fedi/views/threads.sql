-- ancestors --
-- What a status answers, and what that answers, the oldest first.
WITH RECURSIVE above (id, parent_id, depth, path) AS (
    SELECT id, in_reply_to_id, 0, ARRAY[id] FROM read.statuses WHERE id = %(id)s
    UNION ALL
    SELECT p.id, p.in_reply_to_id, above.depth + 1, above.path || p.id
      FROM above JOIN read.statuses p ON p.id = above.parent_id
     WHERE above.depth < %(limit)s AND p.id <> ALL (above.path))
SELECT s.id FROM above JOIN read.statuses s USING (id)
 WHERE above.depth > 0 AND {visible} AND {welcome}
 ORDER BY above.depth DESC

-- descendants --
-- The answers to a status and the answers to those, each below what it answers; the author's own line comes first.
WITH RECURSIVE below (id, depth, path) AS (
    SELECT s.id, 1, ARRAY[s.id] FROM read.statuses s WHERE s.in_reply_to_id = %(id)s
    UNION ALL
    SELECT s.id, below.depth + 1, below.path || s.id
      FROM below JOIN read.statuses s ON s.in_reply_to_id = below.id
     WHERE below.depth < %(depth)s AND s.id <> ALL (below.path))
SELECT s.id FROM (SELECT id, path FROM below LIMIT %(limit)s) AS found
  JOIN read.statuses s USING (id)
 WHERE {visible} AND {welcome}
 ORDER BY found.path

-- uri_elsewhere --
-- A public post of somebody elsewhere.
SELECT uri FROM read.statuses
 WHERE id = %(id)s AND NOT local AND boost_of_id IS NULL AND visibility IN ('public', 'unlisted')

-- known --
-- Which URIs stand for something here, or did.
SELECT encode(uuid_send(key), 'hex') FROM read.refs WHERE key = ANY(%(keys)s::uuid[])
