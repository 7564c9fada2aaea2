-- load --
-- Announcements that are not over, as a reader sees them (or nobody in particular), the last first.
SELECT n.id, n.content, n.starts_at, n.ends_at, n.all_day, n.mention_ids, n.tags, n.status_ids, n.published_at,
       n.updated_at,
       EXISTS (SELECT FROM registry.read_announcements d
                WHERE d.account_id = %(viewer)s::bigint AND d.announcement_id = n.id) AS read
  FROM read.staff_announcements n
 WHERE (n.ends_at IS NULL OR n.ends_at > now()) AND (%(ids)s::bigint[] IS NULL OR n.id = ANY(%(ids)s::bigint[]))
 ORDER BY n.id DESC LIMIT 100

-- reactions --
-- How often people reacted how, the first reaction first, and whether the reader did. An emoji of ours has a picture.
SELECT r.announcement_id, r.name, count(*) AS count, bool_or(r.account_id = %(viewer)s::bigint) AS me, e.url
  FROM read.announcement_reactions r
  LEFT JOIN read.custom_emojis e ON e.shortcode = r.name
 WHERE r.announcement_id = ANY(%(ids)s::bigint[])
 GROUP BY r.announcement_id, r.name, e.url
 ORDER BY min(r.id)

-- statuses --
-- Posts that everybody may read among those that announcements name.
SELECT s.id, s.url FROM read.statuses s WHERE s.id = ANY(%(ids)s::bigint[]) AND s.visibility IN ('public', 'unlisted')
