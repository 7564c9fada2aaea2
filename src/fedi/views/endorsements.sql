-- accounts --
-- The accounts that somebody shows.
SELECT e.id AS place, e.target_id AS id
  FROM read.endorsements e
  JOIN read.accounts a ON a.id = e.target_id AND NOT a.suspended
 WHERE e.account_id = %(id)s AND {unblocked}
   {window}

-- is_endorsed --
-- Whether one account shows another.
SELECT id FROM read.endorsements WHERE account_id = %(account_id)s AND target_id = %(target_id)s

-- tags --
-- The hashtags that somebody shows, with what they wrote under them for everybody.
SELECT f.id, f.name, f.written, count(s.id) AS statuses, max(s.created_at) AS last_status_at
  FROM read.featured_tags f
  LEFT JOIN read.statuses s ON s.account_id = f.account_id AND f.name = ANY(s.tags)
                           AND s.visibility IN ('public', 'unlisted') AND s.boost_of_id IS NULL
 WHERE f.account_id = %(id)s
 GROUP BY f.id, f.name, f.written
 ORDER BY statuses DESC, f.id

-- used_tags --
-- The hashtags that somebody used most in their last posts and does not show.
SELECT tag.name
  FROM (SELECT tags FROM read.statuses
         WHERE account_id = %(id)s AND visibility IN ('public', 'unlisted') AND boost_of_id IS NULL
         ORDER BY id DESC LIMIT 1000) AS recent
 CROSS JOIN LATERAL unnest(recent.tags) AS tag (name)
 WHERE NOT EXISTS (SELECT FROM read.featured_tags f WHERE f.account_id = %(id)s AND f.name = tag.name)
 GROUP BY tag.name
 ORDER BY count(*) DESC, tag.name
 LIMIT %(limit)s
