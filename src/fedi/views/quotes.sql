-- links --
-- What statuses quote: the quoted must allow it, be there, and be for the reader to see; then it depends on their wishes.
SELECT {columns}q.status_id, shown.state,
       CASE WHEN shown.state IN ('accepted', 'blocked_account', 'blocked_domain', 'muted_account')
            THEN q.quoted_id END AS quoted_id
  FROM read.quotes q
 {crossed}
  LEFT JOIN read.statuses s ON s.id = q.quoted_id
  LEFT JOIN read.accounts author ON author.id = s.account_id
 CROSS JOIN LATERAL (
       SELECT CASE
              WHEN q.state <> 'accepted' THEN q.state
              WHEN s.id IS NULL THEN 'deleted'
              WHEN NOT coalesce({visible}, false) THEN 'unauthorized'
              WHEN EXISTS (SELECT FROM read.blocks
                            WHERE account_id = {viewer} AND target_id = s.account_id) THEN 'blocked_account'
              WHEN EXISTS (SELECT FROM read.domain_blocks
                            WHERE account_id = {viewer} AND domain = author.domain) THEN 'blocked_domain'
              WHEN EXISTS (SELECT FROM read.mutes
                            WHERE account_id = {viewer} AND target_id = s.account_id
                              AND (expires_at IS NULL OR expires_at > now())) THEN 'muted_account'
              ELSE 'accepted' END AS state) AS shown
 WHERE q.status_id = ANY(%(ids)s::bigint[]) AND NOT q.gone

-- may_quote --
-- Whether somebody may quote the row s: nobody quotes what is for named people only, and authors may always quote theirs.
CASE WHEN {viewer} IS NULL OR s.visibility = 'direct' OR s.boost_of_id IS NOT NULL THEN 'denied'
     WHEN s.account_id = {viewer} OR 'public' = ANY(s.quote_automatic) THEN 'automatic'
     WHEN s.quote_automatic = '{{}}' AND s.quote_manual = '{{}}' THEN 'denied'
     WHEN 'followers' = ANY(s.quote_automatic)
      AND EXISTS (SELECT FROM read.follows
                   WHERE account_id = {viewer} AND target_id = s.account_id AND accepted) THEN 'automatic'
     WHEN 'following' = ANY(s.quote_automatic)
      AND EXISTS (SELECT FROM read.follows
                   WHERE account_id = s.account_id AND target_id = {viewer} AND accepted) THEN 'automatic'
     WHEN 'public' = ANY(s.quote_manual) THEN 'manual'
     WHEN 'followers' = ANY(s.quote_manual)
      AND EXISTS (SELECT FROM read.follows
                   WHERE account_id = {viewer} AND target_id = s.account_id AND accepted) THEN 'manual'
     WHEN 'following' = ANY(s.quote_manual)
      AND EXISTS (SELECT FROM read.follows
                   WHERE account_id = s.account_id AND target_id = {viewer} AND accepted) THEN 'manual'
     WHEN 'unsupported_policy' = ANY(s.quote_automatic || s.quote_manual) THEN 'unknown'
     ELSE 'denied' END

-- quotable --
-- A status, or what it boosts, as its reader may quote it.
SELECT s.id, s.account_id, s.uri, s.url, author.uri AS author_uri, author.domain IS NULL AS author_local, s.visibility,
       {may_quote} AS may_quote
  FROM read.statuses s
  JOIN read.accounts author ON author.id = s.account_id
 WHERE s.id = (SELECT coalesce(boost_of_id, id) FROM read.statuses WHERE id = %(id)s) AND {visible}

-- asked --
-- Whether accounts may quote statuses of local people; what they may not see they may not quote either.
SELECT asked.account_id, s.id AS quoted_id, s.account_id AS author_id, author.uri AS author_uri,
       {may_quote} = 'automatic' AND {visible}
       AND NOT EXISTS (SELECT FROM read.domain_blocks JOIN read.accounts AS asker ON asker.domain = domain_blocks.domain
                        WHERE domain_blocks.account_id = s.account_id AND asker.id = asked.account_id) AS allowed
  FROM unnest(%(accounts)s::bigint[], %(statuses)s::bigint[]) AS asked (account_id, status_id)
  JOIN read.statuses s ON s.id = asked.status_id
  JOIN read.accounts author ON author.id = s.account_id AND author.domain IS NULL

-- of_status --
-- What quotes a status, as far as the reader may and wants to see it.
SELECT s.id
  FROM read.quotes q
  JOIN read.statuses s ON s.id = q.status_id
 WHERE q.quoted_id = %(id)s AND q.state = 'accepted' AND NOT q.gone AND {visible} AND {welcome}
   {window}

-- standing --
-- The quote of one status by another.
SELECT status_id, account_id, quoted_account_id, state, stamp
  FROM read.quotes
 WHERE status_id = %(status_id)s AND quoted_id = %(quoted_id)s AND NOT gone

-- stamp --
-- A stamp of a local author.
SELECT q.uri, a.uri AS author_uri, q.quote_uri, q.quoted_uri
  FROM read.accounts a
  JOIN read.quote_stamps q ON q.uri = a.uri || %(path)s::text
 WHERE lower(a.username) = lower(%(username)s) AND a.domain IS NULL AND NOT a.suspended

-- url_of --
-- The page of the status at a URI.
SELECT s.url FROM read.refs r JOIN read.statuses s ON s.id = r.id
 WHERE r.key = %(key)s AND r.kind = 'status' AND r.ended IS NULL

-- quoting_posts --
-- Local posts that quote something, with their stamps.
SELECT q.status_id, q.account_id, s.document, q.stamp, coalesce(p.hide_totals, false) AS hide_totals
  FROM read.quotes q
  JOIN read.statuses s ON s.id = q.status_id AND s.local AND s.document IS NOT NULL
  LEFT JOIN read.polls p ON p.status_id = s.id
 WHERE q.status_id = ANY(%(ids)s::bigint[]) AND NOT q.gone
