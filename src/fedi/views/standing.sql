-- at --
-- Posts, accounts and graves under some keys.
SELECT refs.uri, refs.kind, refs.author_id, author.uri AS actor, author.local IS TRUE AS local, refs.ended IS NOT NULL AS ended
  FROM read.refs
  LEFT JOIN read.refs AS author ON author.id = refs.author_id AND author.kind = 'account'
 WHERE refs.key = ANY(%(keys)s::uuid[]) AND refs.kind IN ('status', 'account', 'tombstone')
