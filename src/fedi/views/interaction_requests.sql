-- asked --
-- Whether accounts may favourite, answer or boost statuses of local people.
SELECT asked.kind, asked.account_id, s.id AS status_id, s.account_id AS author_id, author.uri AS author_uri,
       {visible} AND (asked.kind <> 'boost' OR s.visibility IN ('public', 'unlisted'))
       AND NOT EXISTS (SELECT FROM read.domain_blocks JOIN read.accounts AS asker ON asker.domain = domain_blocks.domain
                        WHERE domain_blocks.account_id = s.account_id AND asker.id = asked.account_id) AS allowed
  FROM unnest(%(kinds)s::text[], %(accounts)s::bigint[], %(statuses)s::bigint[])
    AS asked (kind, account_id, status_id)
  JOIN read.statuses s ON s.id = asked.status_id
  JOIN read.accounts author ON author.id = s.account_id AND author.domain IS NULL

-- request --
-- What stands under the id of a request.
SELECT replace(kind, '_request', '') AS kind, author_id AS account_id, author_uri AS instrument, target_uri AS object
  FROM read.refs
 WHERE key = %(key)s::uuid AND kind IN ('like_request', 'reply_request', 'boost_request') AND ended IS NULL

-- status --
-- The status at a URI.
SELECT id FROM read.refs WHERE key = %(key)s::uuid AND kind = 'status' AND ended IS NULL
