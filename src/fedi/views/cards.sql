-- seen_since --
-- Pages that were looked at lately.
SELECT url FROM read.cards WHERE url = ANY(%(urls)s::text[]) AND seen_at > %(since)s

-- may_credit --
-- An account, if pages of one of some domains may name it as their author.
SELECT id FROM read.accounts
 WHERE id = %(id)s AND attribution_domains && %(domains)s::text[] AND NOT suspended
