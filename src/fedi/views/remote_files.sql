-- avatars --
-- The avatar of a remote account.
SELECT avatar_url AS url, 'image' AS kind FROM read.accounts WHERE id = %(id)s AND domain IS NOT NULL AND %(index)s = 0
   AND NOT media_rejected

-- headers --
-- The header of a remote account.
SELECT header_url AS url, 'image' AS kind FROM read.accounts WHERE id = %(id)s AND domain IS NOT NULL AND %(index)s = 0
   AND NOT media_rejected

-- attachments --
-- A file attached to a status.
SELECT attachments -> %(index)s::integer ->> 'url' AS url,
       attachments -> %(index)s::integer ->> 'kind' AS kind
  FROM read.statuses WHERE id = %(id)s AND {shown}

-- previews --
-- The small picture of a file attached to a status.
SELECT attachments -> %(index)s::integer ->> 'preview_url' AS url, 'image' AS kind
  FROM read.statuses WHERE id = %(id)s AND {shown}

-- account_emojis --
-- A custom emoji in an account's name or note.
SELECT emojis -> %(index)s::integer ->> 'url' AS url, 'image' AS kind
  FROM read.accounts WHERE id = %(id)s AND NOT media_rejected

-- cards --
-- The picture of a page that posts share.
SELECT image AS url, 'image' AS kind FROM read.cards WHERE id = %(id)s AND %(index)s = 0

-- status_emojis --
-- A custom emoji in a status.
SELECT emojis -> %(index)s::integer ->> 'url' AS url, 'image' AS kind
  FROM read.statuses WHERE id = %(id)s AND {shown}

-- shown --
-- The operator does not keep the files of its author away.
NOT EXISTS (SELECT FROM read.accounts a WHERE a.id = statuses.account_id AND a.media_rejected)
