-- holders --
-- The posts of some accounts that show some uploads.
SELECT (shown.attachment ->> 'media_id')::bigint, max(s.id)
  FROM read.statuses s
 CROSS JOIN LATERAL jsonb_array_elements(s.attachments) AS shown (attachment)
 WHERE s.account_id = ANY(%(owners)s::bigint[]) AND s.local AND s.attachments <> '[]'
   AND (shown.attachment ->> 'media_id')::bigint = ANY(%(ids)s::bigint[])
 GROUP BY 1
