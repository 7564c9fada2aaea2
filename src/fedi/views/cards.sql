-- seen_since --
-- Pages that were looked at lately.
SELECT url FROM read.cards WHERE url = ANY(%(urls)s::text[]) AND seen_at > %(since)s

-- unshared --
-- Pages that no post shares.
SELECT url, replace(key::text, '-', '') AS key
  FROM read.cards
 WHERE NOT EXISTS (SELECT FROM read.status_links WHERE status_links.url = cards.url)
 LIMIT %(limit)s

-- may_credit --
-- An account, if pages of one of some domains may name it as their author.
SELECT id FROM read.accounts
 WHERE id = %(id)s AND attribution_domains && %(domains)s::text[] AND NOT suspended
