-- load --
-- Some collections, as long as their owners are there, and whose they are.
SELECT c.id, c.account_id, a.username, a.uri AS owner_uri, c.uri, c.name, c.description, c.language, c.sensitive,
       c.discoverable, c.tag, c.created_at, c.updated_at
  FROM read.collections c
  JOIN read.accounts a ON a.id = c.account_id AND NOT a.suspended
 WHERE c.id = ANY(%(ids)s::bigint[]) AND {unblocked}
 ORDER BY c.id DESC

-- of_account --
-- The collections of an account, the last first; those it hides only for itself.
SELECT c.id FROM read.collections c
 WHERE c.account_id = %(id)s AND (c.discoverable OR c.account_id = %(viewer)s::bigint)
 ORDER BY c.id DESC LIMIT %(limit)s OFFSET %(offset)s

-- with_account --
-- The collections that an account stands in.
SELECT c.id
  FROM read.collection_items i
  JOIN read.collections c ON c.id = i.collection_id
 WHERE i.account_id = %(id)s AND i.state = 'accepted'
 ORDER BY c.id DESC LIMIT %(limit)s OFFSET %(offset)s

-- items --
-- Who stands in some collections, in the order in which they were added.
SELECT i.id, i.collection_id, i.account_id, i.state, i.created_at, a.uri, a.kind, a.domain, i.stamp
  FROM read.collection_items i
  JOIN read.accounts a ON a.id = i.account_id AND NOT a.suspended
 WHERE i.collection_id = ANY(%(ids)s::bigint[]) AND {unblocked}
 ORDER BY i.id

-- authorization --
-- Where somebody here stands with consent: the item of a collection, and both ends.
SELECT i.id, coalesce(nullif(c.uri, ''), owner.uri || '/collections/' || c.id) AS collection_uri, a.uri AS member_uri
  FROM read.collection_items i
  JOIN read.collections c ON c.id = i.collection_id
  JOIN read.accounts owner ON owner.id = c.account_id
  JOIN read.accounts a ON a.id = i.account_id AND a.domain IS NULL AND NOT a.suspended
 WHERE i.id = %(id)s AND i.account_id = %(account_id)s AND i.state = 'accepted'

-- standings --
-- How people here stand in collections of others.
SELECT i.account_id, c.uri, i.state, i.stamp
  FROM unnest(%(account_ids)s::bigint[], %(uris)s::text[]) AS given (account_id, uri)
  JOIN read.collection_items i ON i.account_id = given.account_id
  JOIN read.collections c ON c.id = i.collection_id AND c.uri = given.uri
