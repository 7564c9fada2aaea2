-- accounts --
-- Accounts by name: a handle that is or begins with the text first, then likeness; those the reader follows before others.
-- Whom the reader blocks is found too, or else nobody could be unblocked by name. Who is limited is found by the whole
-- name, or by a follower.
SELECT a.id
  FROM read.accounts a
 WHERE NOT a.suspended
   AND NOT EXISTS (SELECT FROM read.blocks WHERE account_id = a.id AND target_id = %(viewer)s::bigint)
   AND (NOT a.limited OR lower(a.username) = %(exact)s
        OR EXISTS (SELECT FROM read.follows f
                    WHERE f.account_id = %(viewer)s::bigint AND f.target_id = a.id AND f.accepted))
   AND {matches}
   AND (%(domain)s::text IS NULL OR lower(a.domain) LIKE %(domain)s)
   AND (NOT %(following)s OR EXISTS (SELECT FROM read.follows f
                                      WHERE f.account_id = %(viewer)s::bigint AND f.target_id = a.id AND f.accepted))
 ORDER BY lower(a.username) = %(exact)s DESC,
          EXISTS (SELECT FROM read.follows f
                   WHERE f.account_id = %(viewer)s::bigint AND f.target_id = a.id AND f.accepted) DESC,
          lower(a.username) LIKE %(prefix)s DESC,
          a.domain IS NULL DESC, a.id
 LIMIT %(limit)s OFFSET %(offset)s

-- begins --
-- For a text too short to have trigrams.
lower(a.username) LIKE %(prefix)s

-- contains --
-- For any other: the handle or the name has it somewhere.
(a.username || ' ' || a.display_name) ILIKE %(within)s
