-- allowed --
-- Which statuses may go to which listeners: those that may see them, and want to. The few statuses are looked up first,
-- or the planner reads all there are when many listen.
WITH told AS MATERIALIZED (
    SELECT id, account_id, visibility, boost_of_id, boost_of_account_id
      FROM read.statuses WHERE id = ANY(%(statuses)s::bigint[]))
SELECT s.id, asked.viewer_id
  FROM unnest(%(statuses)s::bigint[], %(viewers)s::bigint[]) AS asked (status_id, viewer_id)
  JOIN told s ON s.id = asked.status_id
 WHERE {visible} AND {unlimited} AND {welcome} AND {unnamed}

-- deeds --
-- What some people did with some statuses; what they chose in polls in the order of their votes.
SELECT account_id, status_id, 'favourited' AS deed, NULL::integer AS choice, 0::bigint AS turn
  FROM read.favourites WHERE status_id = ANY(%(statuses)s::bigint[]) AND account_id = ANY(%(viewers)s::bigint[])
 UNION ALL
SELECT account_id, boost_of_id, 'boosted', NULL, 0
  FROM read.statuses WHERE boost_of_id = ANY(%(statuses)s::bigint[]) AND account_id = ANY(%(viewers)s::bigint[])
 UNION ALL
SELECT account_id, status_id, 'bookmarked', NULL, 0
  FROM read.bookmarks WHERE status_id = ANY(%(statuses)s::bigint[]) AND account_id = ANY(%(viewers)s::bigint[])
 UNION ALL
SELECT account_id, status_id, 'pinned', NULL, 0
  FROM read.pins WHERE status_id = ANY(%(statuses)s::bigint[]) AND account_id = ANY(%(viewers)s::bigint[])
 UNION ALL
SELECT account_id, status_id, 'voted', choice, vote_id
  FROM read.poll_votes WHERE status_id = ANY(%(statuses)s::bigint[]) AND account_id = ANY(%(viewers)s::bigint[])
 UNION ALL
SELECT m.account_id, asked.id, 'muted', NULL, 0
  FROM unnest(%(statuses)s::bigint[]) AS asked (id)
  LEFT JOIN read.threads t ON t.status_id = asked.id
  JOIN read.thread_mutes m ON m.thread_id = coalesce(t.thread_id, asked.id)
 WHERE m.account_id = ANY(%(viewers)s::bigint[])
 ORDER BY turn
