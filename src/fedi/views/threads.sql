-- ancestors --
-- What a status answers, and what that answers, the oldest first.
WITH RECURSIVE above (id, parent_id, depth, path) AS (
    SELECT id, in_reply_to_id, 0, ARRAY[id] FROM read.statuses WHERE id = %(id)s
    UNION ALL
    SELECT p.id, p.in_reply_to_id, above.depth + 1, above.path || p.id
      FROM above JOIN read.statuses p ON p.id = above.parent_id
     WHERE above.depth < %(limit)s AND p.id <> ALL (above.path))
SELECT s.id FROM above JOIN read.statuses s USING (id)
 WHERE above.depth > 0 AND {visible} AND {welcome} AND {unlimited}
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
 WHERE {visible} AND {welcome} AND {unlimited}
 ORDER BY found.path

-- partly_elsewhere --
-- The thread of a post, if something in it was said elsewhere for everybody.
SELECT thread.id
  FROM (SELECT coalesce((SELECT thread_id FROM read.threads WHERE status_id = %(id)s), %(id)s::bigint) AS id) AS thread
 WHERE EXISTS (
       SELECT
         FROM (SELECT thread.id UNION ALL SELECT status_id FROM read.threads WHERE thread_id = thread.id) AS said (id)
         JOIN read.statuses s ON s.id = said.id
        WHERE NOT s.local AND s.boost_of_id IS NULL AND s.visibility IN ('public', 'unlisted'))

-- said_elsewhere --
-- What was said elsewhere for everybody in the thread of a post: the post, what nothing known stands above, the latest.
SELECT s.uri
  FROM (SELECT coalesce((SELECT thread_id FROM read.threads WHERE status_id = %(id)s), %(id)s::bigint) AS id) AS thread
  CROSS JOIN LATERAL (
       SELECT thread.id UNION SELECT status_id FROM read.threads WHERE thread_id = thread.id) AS said (id)
  JOIN read.statuses s ON s.id = said.id
 WHERE NOT s.local AND s.boost_of_id IS NULL AND s.visibility IN ('public', 'unlisted')
 ORDER BY s.id <> %(id)s, s.in_reply_to_id IS NOT NULL, s.id DESC
 LIMIT %(limit)s

-- known --
-- Which URIs stand for something here, or did.
SELECT encode(uuid_send(key), 'hex') FROM read.refs WHERE key = ANY(%(keys)s::uuid[])
