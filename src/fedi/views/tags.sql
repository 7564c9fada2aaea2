-- followed --
-- The hashtags that somebody follows.
SELECT f.id, f.name FROM read.followed_tags f
 WHERE f.account_id = %(viewer)s
   {window}

-- is_followed --
-- Which of some hashtags somebody follows.
SELECT name FROM read.followed_tags WHERE account_id = %(viewer)s AND name = ANY(%(names)s::text[])

-- is_featured --
-- Which of some hashtags somebody shows on their profile.
SELECT name FROM read.featured_tags WHERE account_id = %(viewer)s AND name = ANY(%(names)s::text[])

-- history --
-- How often public posts of the last seven days, or boosts of them, had some hashtags, by day, and how many people did.
SELECT t.name, (date_trunc('day', s.created_at AT TIME ZONE 'UTC'))::date AS day,
       count(*) AS uses, count(DISTINCT s.account_id) AS accounts
  FROM read.status_tags t
  JOIN read.statuses said ON said.id = t.status_id AND said.visibility = 'public'
  JOIN read.statuses s ON (s.id = said.id OR s.boost_of_id = said.id) AND s.visibility = 'public'
 WHERE t.name = ANY(%(names)s::text[]) AND t.status_id >= %(since)s AND s.id >= %(since)s
 GROUP BY t.name, day

-- search --
-- Hashtags of public posts that begin with a text, the most used first; what is said in private gives no word away.
SELECT name, uses
  FROM read.tag_uses
 WHERE name BETWEEN %(name)s AND %(last)s
 ORDER BY name = %(name)s DESC, uses DESC, name
 LIMIT %(limit)s OFFSET %(offset)s
