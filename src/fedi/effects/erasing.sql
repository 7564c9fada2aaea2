-- reached --
-- How far the views and every effect have come.
SELECT least((SELECT position FROM read.cursor), (SELECT min(position) FROM effects.cursors));

-- due --
-- What is to be erased next.
SELECT replace(key::text, '-', '') AS key, what, uri, actor, object_id, demand, position, through,
       EXISTS (SELECT FROM read.refs WHERE refs.key = erasures.key AND refs.ended IS NULL
                AND erasures.what IN ('post', 'account')) AS back
  FROM effects.erasures
 WHERE done_at IS NULL AND NOT key = ANY(%(failed)s::uuid[])
 ORDER BY position
 LIMIT %(limit)s;

-- posts_of --
-- All posts of authors, with how far each author's words are erased.
SELECT replace(refs.key::text, '-', ''), refs.uri, refs.id, author.through
  FROM unnest(%(authors)s::bigint[], %(throughs)s::bigint[]) AS author (id, through)
  JOIN read.refs ON refs.author_id = author.id AND refs.kind = 'status' AND refs.ended IS NOT NULL;

-- positions --
-- Where in the log words are found under some keys, of each beyond what is done already.
SELECT DISTINCT log_index.position
  FROM unnest(%(keys)s::uuid[], %(throughs)s::bigint[], %(untils)s::bigint[]) AS given (key, through, until)
  JOIN read.log_index ON log_index.key = given.key
 WHERE log_index.position > given.through AND log_index.position <= given.until
 ORDER BY log_index.position;

-- withdraw --
-- What is about to be overwritten is not sent any more; nor can it be tried again.
UPDATE effects.deliveries SET outcome = 'expired', finished_at = now()
 WHERE position = ANY(%(positions)s::bigint[]) AND (outcome IS NULL OR outcome = 'refused');

-- count --
-- How many payloads were overwritten; of what was done together, it is counted with the first.
UPDATE effects.erasures SET payloads = payloads + %(payloads)s WHERE key = %(key)s;

-- done --
-- Up to a position no words of these are left. What was spoken of meanwhile, or beyond, is looked at again.
UPDATE effects.erasures
   SET through = %(bound)s,
       done_at = CASE WHEN erasures.position = given.position AND given.position <= %(bound)s THEN now() END
  FROM unnest(%(keys)s::uuid[], %(positions)s::bigint[]) AS given (key, position)
 WHERE erasures.key = given.key AND given.position <= %(bound)s;

-- unlisted --
-- What was erased and is not in the list yet: all but plans and pages, which nothing brings back.
SELECT key::text AS key, what, uri, actor, demand, asked_at AS at
  FROM effects.erasures
 WHERE listed_at IS NULL AND done_at IS NOT NULL AND what NOT IN ('plan', 'page')
 ORDER BY position
 LIMIT 500;

-- listed --
-- These are in the list.
UPDATE effects.erasures SET listed_at = now() WHERE key = ANY(%(keys)s::uuid[]);

-- prune --
-- Forget what was done long ago. If it is spoken of once more, it is noted anew.
DELETE FROM effects.erasures
 WHERE done_at < now() - make_interval(days => %(days)s) AND (listed_at IS NOT NULL OR what IN ('plan', 'page'));
