-- elsewhere --
-- Who elsewhere follows somebody here.
SELECT a.id AS account_id, a.followers_uri,
       ARRAY(SELECT other.uri FROM read.follows f
               JOIN read.accounts other ON other.id = f.account_id AND other.domain IS NOT NULL
              WHERE f.target_id = a.id AND f.accepted) AS followers
  FROM read.accounts a WHERE a.id = %(id)s AND a.domain IS NULL

-- here --
-- Who here follows somebody elsewhere.
SELECT a.id AS account_id, a.followers_uri,
       ARRAY(SELECT own.uri FROM read.follows f
               JOIN read.accounts own ON own.id = f.account_id AND own.domain IS NULL
              WHERE f.target_id = a.id AND f.accepted) AS followers
  FROM read.accounts a
 WHERE a.domain IS NOT NULL
   AND a.id = (SELECT r.id FROM read.refs r WHERE r.key = %(key)s AND r.kind = 'account' AND r.ended IS NULL)

-- followed_here --
-- Those of some accounts whom somebody here follows.
SELECT asked.id
  FROM unnest(%(ids)s::bigint[]) AS asked (id)
 WHERE EXISTS (SELECT FROM read.follows f
                 JOIN read.accounts a ON a.id = f.account_id AND a.domain IS NULL
                WHERE f.target_id = asked.id AND f.accepted)
