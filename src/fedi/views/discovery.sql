-- active --
-- People who let themselves be found, who posted last first.
SELECT a.id
  FROM read.accounts a
  JOIN read.account_statuses s ON s.account_id = a.id AND s.statuses > 0
 WHERE a.discoverable AND NOT a.suspended AND NOT a.limited AND a.moved_to_uri = '' AND (a.domain IS NULL OR NOT %(local)s)
 ORDER BY s.last_status_at DESC NULLS LAST, s.account_id DESC
 LIMIT %(limit)s OFFSET %(offset)s

-- new --
-- People who let themselves be found, who came last first.
SELECT a.id
  FROM read.accounts a
  JOIN read.account_statuses s ON s.account_id = a.id AND s.statuses > 0
 WHERE a.discoverable AND NOT a.suspended AND NOT a.limited AND a.moved_to_uri = '' AND (a.domain IS NULL OR NOT %(local)s)
 ORDER BY a.id DESC
 LIMIT %(limit)s OFFSET %(offset)s

-- meetable --
-- The reader may get to know a: they let themselves be found, and nothing stands between them.
a.discoverable AND NOT a.suspended AND NOT a.limited AND a.moved_to_uri = '' AND a.id <> %(viewer)s
AND {unblocked}
AND NOT EXISTS (SELECT FROM read.follows f WHERE f.account_id = %(viewer)s AND f.target_id = a.id)
AND NOT EXISTS (SELECT FROM read.mutes m WHERE m.account_id = %(viewer)s AND m.target_id = a.id
                                           AND (m.expires_at IS NULL OR m.expires_at > now()))
AND NOT EXISTS (SELECT FROM registry.dismissed_suggestions d
                 WHERE d.account_id = %(viewer)s AND d.target_id = a.id)

-- suggestions --
-- Friends of friends, of whom at least one shows whom they follow; then who has most followers. Each once, with all
-- reasons.
WITH friends AS (
    SELECT f.target_id AS id, count(*) AS weight
      FROM read.follows own
      JOIN read.accounts friend ON friend.id = own.target_id AND friend.hide_collections IS NOT TRUE
      JOIN read.follows f ON f.account_id = own.target_id AND f.accepted
      JOIN read.accounts a ON a.id = f.target_id
     WHERE own.account_id = %(viewer)s AND own.accepted AND {meetable}
     GROUP BY f.target_id ORDER BY weight DESC, id LIMIT 200
), popular AS (
    SELECT c.account_id AS id, c.followers AS weight
      FROM read.follow_counts c
      JOIN read.accounts a ON a.id = c.account_id
     WHERE c.followers > 0 AND {meetable}
     ORDER BY c.followers DESC, c.account_id LIMIT 200
)
SELECT id, array_agg(source ORDER BY rank) AS sources
  FROM (SELECT id, weight, 'friends_of_friends' AS source, 1 AS rank FROM friends
         UNION ALL
        SELECT id, weight, 'most_followed', 2 FROM popular) AS found
 GROUP BY id
 ORDER BY min(rank), max(weight) FILTER (WHERE rank = 1) DESC NULLS LAST, max(weight) DESC, id
 LIMIT %(limit)s OFFSET %(offset)s
