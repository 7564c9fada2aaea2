-- filters --
-- The filters of some people.
SELECT id, account_id, title, context, action, expires_at
  FROM read.filters WHERE account_id = ANY(%(accounts)s::bigint[]) ORDER BY id

-- keywords --
-- What some filters look for.
SELECT id, filter_id, keyword, whole_word FROM read.filter_keywords WHERE filter_id = ANY(%(filters)s::bigint[]) ORDER BY id

-- statuses --
-- The posts that some filters catch.
SELECT id, filter_id, status_id FROM read.filter_statuses WHERE filter_id = ANY(%(filters)s::bigint[]) ORDER BY id

-- version --
-- When somebody's filters last changed.
SELECT position FROM read.filter_versions WHERE account_id = %(account)s
