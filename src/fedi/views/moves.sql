-- moved_at --
-- When an account last said that it moved.
SELECT moved_at FROM read.accounts WHERE id = %(id)s

-- consents --
-- Whether an account names another as its alias.
SELECT id FROM read.accounts WHERE id = %(id)s AND %(alias)s = ANY(also_known_as) AND NOT suspended

-- by_uri --
-- The account with a URI.
SELECT id FROM read.refs WHERE key = %(key)s AND kind = 'account' AND ended IS NULL

-- local_followers --
-- Who of the people here follows an account.
SELECT f.account_id
  FROM read.follows f
  JOIN read.accounts a ON a.id = f.account_id AND a.domain IS NULL
 WHERE f.target_id = %(id)s AND f.accepted
 ORDER BY f.account_id
