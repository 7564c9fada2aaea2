-- public --
-- Public posts of everybody who is not limited, without boosts and without replies to others.
SELECT s.id
  FROM read.statuses s
 WHERE s.visibility = 'public' AND s.boost_of_id IS NULL
   AND (s.in_reply_to_uri = '' AND s.in_reply_to_id IS NULL OR s.in_reply_to_account_id = s.account_id)
   AND {visible} AND {unlimited} AND {welcome} AND {unnamed} AND {narrowed}
   {window}

-- tags --
-- Public posts with one of several hashtags: the first of each, read along its index, for a popular one has more of them
-- than could be sorted each time; and of those the first.
SELECT DISTINCT s.id
  FROM unnest(%(any)s::text[]) AS wanted (name)
 CROSS JOIN LATERAL (
    SELECT s.id
      FROM read.status_tags t
      JOIN read.statuses s ON s.id = t.status_id
     WHERE t.name = wanted.name AND s.visibility = 'public' AND s.boost_of_id IS NULL
       AND {visible} AND {unlimited} AND {welcome} AND {unnamed} AND {narrowed}
       {window}
 ) AS s
 WHERE true
   {window}

-- rarest --
-- Which of some hashtags fewest public posts have.
SELECT wanted.name
  FROM unnest(%(names)s::text[]) AS wanted (name)
  LEFT JOIN read.tag_uses used ON used.name = wanted.name
 ORDER BY coalesce(used.uses, 0), wanted.name LIMIT 1

-- link --
-- Public posts that share a page.
SELECT s.id
  FROM read.status_links l
  JOIN read.statuses s ON s.id = l.status_id
  JOIN read.accounts a ON a.id = s.account_id AND a.discoverable
 WHERE l.url = %(url)s AND s.visibility = 'public' AND {visible} AND {unlimited} AND {welcome} AND {narrowed}
   {window}

-- account --
-- What an account posted and boosted.
SELECT s.id
  FROM read.statuses s
 WHERE s.account_id = %(id)s AND {visible} AND {shared} AND {narrowed}
   {window}

-- pinned --
-- What an account shows first on its profile.
SELECT p.id AS place, s.id
  FROM read.pins p
  JOIN read.statuses s ON s.id = p.status_id
 WHERE p.account_id = %(id)s AND {visible}
   {window}

-- list --
-- What the members of a list post and boost, as far as its owner follows them: the first of each, and of those the first.
SELECT s.id
  FROM read.lists l
  JOIN read.list_accounts member ON member.list_id = l.id
 CROSS JOIN LATERAL (
    SELECT s.id
      FROM read.statuses s
     WHERE s.account_id = member.account_id AND {listed} AND {visible} AND {welcome} AND {unnamed}
       {window}
 ) AS s
 WHERE l.id = {list} AND l.account_id = {viewer}
   {window}

-- in_lists --
-- Which of some lists show which statuses to their owners.
SELECT l.id, s.id
  FROM unnest(%(lists)s::bigint[], %(statuses)s::bigint[]) AS asked (list_id, status_id)
  JOIN read.lists l ON l.id = asked.list_id
  JOIN read.statuses s ON s.id = asked.status_id
 WHERE {listed} AND {visible} AND {welcome} AND {unnamed}

-- listed --
-- The status s is by a member of the list l whom its owner follows, in a language that they want of them, and no reply
-- that the list leaves out. What is said to some alone stands in conversations.
s.visibility <> 'direct'
AND s.account_id IN (SELECT m.account_id FROM read.list_accounts m WHERE m.list_id = {list})
AND (s.account_id = {viewer}
     OR EXISTS (SELECT FROM read.follows f
                 WHERE f.account_id = {viewer} AND f.target_id = s.account_id AND f.accepted
                   AND (s.boost_of_id IS NULL OR f.boosts)
                   AND (cardinality(f.languages) = 0
                        OR coalesce((SELECT o.language FROM read.statuses o WHERE o.id = s.boost_of_id), s.language)
                           = ANY(f.languages || ARRAY['']))))
AND (s.in_reply_to_uri = '' AND s.in_reply_to_id IS NULL
     OR s.in_reply_to_account_id IN (s.account_id, {viewer})
     OR l.replies_policy = 'followed'
        AND EXISTS (SELECT FROM read.follows f
                     WHERE f.account_id = {viewer} AND f.target_id = s.in_reply_to_account_id AND f.accepted)
     OR l.replies_policy = 'list'
        AND EXISTS (SELECT FROM read.list_accounts m
                     WHERE m.list_id = l.id AND m.account_id = s.in_reply_to_account_id))

-- local --
-- Only what was written here.
s.local

-- remote --
-- Only what was written elsewhere.
NOT s.local

-- media --
-- Only posts with media.
s.attachments <> '[]'

-- tagged --
-- Only posts that have all of some hashtags.
(SELECT count(*) FROM read.status_tags t
  WHERE t.status_id = s.id AND t.name = ANY(%(all)s::text[])) = cardinality(%(all)s::text[])

-- untagged --
-- No posts that have one of some hashtags.
NOT EXISTS (SELECT FROM read.status_tags t WHERE t.status_id = s.id AND t.name = ANY(%(none)s::text[]))

-- open --
-- Nothing that is for those alone whom it names.
s.visibility <> 'direct'

-- originals --
-- No boosts.
s.boost_of_id IS NULL

-- statements --
-- No replies, but to oneself.
(s.in_reply_to_uri = '' AND s.in_reply_to_id IS NULL OR s.in_reply_to_account_id = s.account_id)
