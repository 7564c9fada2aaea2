-- of_account --
-- The domains that somebody blocks.
SELECT id, domain FROM read.domain_blocks WHERE account_id = %(viewer)s {window}

-- is_blocked --
-- Whether somebody blocks a domain.
SELECT 1 FROM read.domain_blocks WHERE account_id = %(account_id)s AND domain = %(domain)s

-- ties --
-- Follows, and requests for them, between somebody and the people of a domain.
SELECT a.id AS other_id, true AS ours, f.accepted, f.uri
  FROM read.follows f JOIN read.accounts a ON a.id = f.target_id
 WHERE f.account_id = %(account_id)s AND a.domain = %(domain)s
 UNION ALL
SELECT a.id, false, f.accepted, f.uri
  FROM read.follows f JOIN read.accounts a ON a.id = f.account_id
 WHERE f.target_id = %(account_id)s AND a.domain = %(domain)s
