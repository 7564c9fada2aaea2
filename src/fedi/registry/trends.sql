-- all_of --
-- What was popular at the last count.
SELECT key, score, max_score, max_score_at FROM registry.trends WHERE kind = %(kind)s

-- forget --
-- What is popular no longer.
DELETE FROM registry.trends WHERE kind = %(kind)s AND NOT key = ANY(%(keys)s::text[])

-- keep --
-- What is popular now.
INSERT INTO registry.trends (kind, key, score, max_score, max_score_at)
SELECT %(kind)s, key, score, height, moment
  FROM unnest(%(keys)s::text[], %(scores)s::double precision[], %(heights)s::double precision[],
              %(moments)s::timestamptz[]) AS counted (key, score, height, moment)
    ON CONFLICT (kind, key) DO UPDATE
   SET score = excluded.score, max_score = excluded.max_score, max_score_at = excluded.max_score_at
