-- accounts --
-- Accounts whose handle or name is as asked, the first of them, and what tells in which order they are shown.
-- Whom the reader blocks is found too, or else nobody could be unblocked by name. Who is limited is found by the whole
-- name, or by a follower.
SELECT a.id, lower(a.username) AS name, lower(a.domain) AS domain, {begins} AS begins,
       EXISTS (SELECT FROM read.follows f
                WHERE f.account_id = %(viewer)s::bigint AND f.target_id = a.id AND f.accepted) AS followed
  FROM read.accounts a
 WHERE NOT a.suspended
   AND NOT EXISTS (SELECT FROM read.blocks WHERE account_id = a.id AND target_id = %(viewer)s::bigint)
   AND (NOT a.limited OR lower(a.username) = %(name)s
        OR EXISTS (SELECT FROM read.follows f
                    WHERE f.account_id = %(viewer)s::bigint AND f.target_id = a.id AND f.accepted))
   AND {matches}
   AND (%(domain)s::text IS NULL OR lower(a.domain) LIKE %(domain)s)
 ORDER BY {order} lower(a.username) USING ~<~, lower(a.domain) USING ~<~ NULLS FIRST
 LIMIT %(most)s

-- begins --
-- The handle begins with it. In a plan that is kept LIKE would use no index.
(lower(a.username) ~>=~ %(name)s AND lower(a.username) ~<~ %(beyond)s)

-- here --
-- Somebody's here.
(a.domain IS NULL AND {matches})

-- followed --
-- Somebody's whom the reader follows.
(a.id = ANY(ARRAY(SELECT target_id FROM read.follows WHERE account_id = %(viewer)s::bigint AND accepted)) AND {matches})

-- contains --
-- The handle or the name has it somewhere.
(a.username || ' ' || a.display_name) ILIKE %(within)s

-- some_contain --
-- As above, but no more are looked at than some; nor is a plan made for few, which would read the whole table.
a.id = ANY(ARRAY(WITH named AS MATERIALIZED (
                     SELECT a.id FROM read.accounts a
                      WHERE {contains} AND NOT a.suspended
                        AND (%(domain)s::text IS NULL OR lower(a.domain) LIKE %(domain)s))
                 SELECT id FROM named LIMIT %(looked_at)s))

-- best --
-- The order in which those are shown who are found otherwise than in the order of the index.
lower(a.username) = %(name)s DESC, {begins} DESC, a.domain IS NULL DESC,
