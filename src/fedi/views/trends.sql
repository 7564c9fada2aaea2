-- tag_uses --
-- How many people used which hashtags yesterday and today: wrote, or boosted, a public post.
SELECT tag AS key,
       count(DISTINCT s.account_id) FILTER (WHERE s.created_at >= %(today)s) AS today,
       count(DISTINCT s.account_id) FILTER (WHERE s.created_at < %(today)s) AS yesterday
  FROM read.statuses s
  JOIN read.statuses said ON said.id = coalesce(s.boost_of_id, s.id) AND said.visibility = 'public'
  JOIN read.accounts a ON a.id = said.account_id AND NOT a.limited AND NOT a.suspended
  CROSS JOIN LATERAL unnest(said.tags) AS tag
 WHERE s.id >= %(since)s AND s.visibility = 'public'
 GROUP BY tag

-- link_uses --
-- How many people shared which pages yesterday and today: in a public post, or by boosting one.
SELECT l.url AS key,
       count(DISTINCT s.account_id) FILTER (WHERE s.created_at >= %(today)s) AS today,
       count(DISTINCT s.account_id) FILTER (WHERE s.created_at < %(today)s) AS yesterday
  FROM read.statuses s
  JOIN read.statuses said ON said.id = coalesce(s.boost_of_id, s.id) AND said.visibility = 'public'
  JOIN read.accounts a ON a.id = said.account_id AND NOT a.limited AND NOT a.suspended
  JOIN read.status_links l ON l.status_id = said.id
 WHERE s.id >= %(since)s AND s.visibility = 'public'
 GROUP BY l.url

-- well_liked --
-- Young public posts that many like, which begin a thread and hide nothing, of people who want to be found.
SELECT s.id, s.account_id, s.created_at, coalesce(f.favourites, 0) + coalesce(c.boosts, 0) AS acts
  FROM read.statuses s
  JOIN read.accounts a ON a.id = s.account_id AND a.discoverable AND NOT a.suspended AND NOT a.limited
  LEFT JOIN read.favourite_counts f ON f.status_id = s.id
  LEFT JOIN read.status_counts c ON c.status_id = s.id
 WHERE s.id >= %(since)s AND s.visibility = 'public' AND s.boost_of_id IS NULL
   AND s.in_reply_to_uri = '' AND s.in_reply_to_id IS NULL AND NOT s.sensitive AND s.spoiler_text = ''
   AND coalesce(f.favourites, 0) + coalesce(c.boosts, 0) >= %(least)s

-- tags --
-- Popular hashtags.
SELECT key FROM registry.trends WHERE kind = 'tag' ORDER BY score DESC, key LIMIT %(limit)s OFFSET %(offset)s

-- links --
-- Popular pages that have something to show.
SELECT k.*
  FROM registry.trends t
  JOIN read.cards k ON k.url = t.key
 WHERE t.kind = 'link' AND k.kind = 'link' AND k.title <> '' AND k.description <> '' AND k.image <> ''
 ORDER BY t.score DESC, t.key
 LIMIT %(limit)s OFFSET %(offset)s

-- is_link --
-- A page, if it is popular.
SELECT 1 FROM registry.trends WHERE kind = 'link' AND key = %(url)s

-- statuses --
-- Popular posts that the reader may and wants to see.
SELECT s.id
  FROM registry.trends t
  JOIN read.statuses s ON s.id = t.key::bigint
 WHERE t.kind = 'status' AND {visible} AND {unlimited} AND {welcome}
 ORDER BY t.score DESC, t.key
 LIMIT %(limit)s OFFSET %(offset)s

-- link_history --
-- How often public posts of the last seven days, or boosts of them, shared some pages, by day, and how many people did.
SELECT l.url, (date_trunc('day', s.created_at AT TIME ZONE 'UTC'))::date AS day,
       count(*) AS uses, count(DISTINCT s.account_id) AS accounts
  FROM read.status_links l
  JOIN read.statuses said ON said.id = l.status_id AND said.visibility = 'public'
  JOIN read.statuses s ON (s.id = said.id OR s.boost_of_id = said.id) AND s.visibility = 'public'
 WHERE l.url = ANY(%(urls)s::text[]) AND l.status_id >= %(since)s AND s.id >= %(since)s
 GROUP BY l.url, day
