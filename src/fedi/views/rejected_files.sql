-- owners --
-- Accounts of a domain and all below it whose files are not to be here.
SELECT id FROM read.accounts
 WHERE (handle_domains && ARRAY[%(domain)s::text] OR host_domains && ARRAY[%(domain)s::text])
   AND media_rejected AND domain IS NOT NULL AND id > %(after)s
 ORDER BY id
 LIMIT %(limit)s

-- of_owners --
-- The files of accounts, and of their posts.
WITH owner AS (
    SELECT id, avatar_url, header_url, emojis FROM read.accounts WHERE id = ANY(%(ids)s::bigint[])
), post AS (
    SELECT statuses.id, statuses.attachments || statuses.emojis AS files
      FROM read.statuses WHERE account_id = ANY(%(ids)s::bigint[])
), file AS (
    SELECT jsonb_array_elements(emojis) AS said FROM owner
     UNION ALL
    SELECT jsonb_array_elements(files) FROM post
     UNION ALL
    SELECT jsonb_array_elements(edits.attachments || edits.emojis)
      FROM post JOIN read.status_edits edits ON edits.status_id = post.id
), address AS (
    SELECT avatar_url AS url FROM owner
     UNION
    SELECT header_url FROM owner
     UNION
    SELECT said ->> 'url' FROM file
     UNION
    SELECT said ->> 'preview_url' FROM file
)
SELECT url FROM address WHERE url <> ''
