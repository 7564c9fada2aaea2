-- ties --
-- Follows between people here and some who live elsewhere.
WITH there AS MATERIALIZED (
    SELECT id, uri, username || '@' || domain AS name, suspended FROM read.accounts
     WHERE domain IS NOT NULL AND {there})
SELECT here.id AS account_id, here.uri AS account_uri, there.uri AS other_uri, there.name AS other_name, there.suspended,
       true AS ours, f.accepted, f.uri
  FROM there
  JOIN read.follows f ON f.target_id = there.id
  JOIN read.accounts here ON here.id = f.account_id AND here.domain IS NULL
 UNION ALL
SELECT here.id, here.uri, there.uri, there.name, there.suspended, false, f.accepted, f.uri
  FROM there
  JOIN read.follows f ON f.account_id = there.id
  JOIN read.accounts here ON here.id = f.target_id AND here.domain IS NULL
 ORDER BY account_id, other_uri

-- of_domain --
-- Of a domain and all below it.
(handle_domains && ARRAY[%(domain)s::text] OR host_domains && ARRAY[%(domain)s::text])

-- of_account --
-- Of one account.
id = %(id)s
