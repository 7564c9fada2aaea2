-- one --
-- What of a profile counts when its links are looked at.
SELECT uri, url, fields, verified FROM read.accounts WHERE id = %(id)s AND NOT suspended

-- followed_here --
-- Those of some accounts whom somebody here follows.
SELECT asked.id
  FROM unnest(%(ids)s::bigint[]) AS asked (id)
 WHERE EXISTS (SELECT FROM read.follows f
                 JOIN read.accounts a ON a.id = f.account_id AND a.domain IS NULL
                WHERE f.target_id = asked.id AND f.accepted)
