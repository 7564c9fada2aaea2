-- edits --
-- The versions of a status, the first and the present one among them; none if it was never edited.
SELECT edited_at, content, spoiler_text, sensitive, attachments, emojis, poll_options
  FROM read.status_edits WHERE status_id = %(id)s ORDER BY ordinal

-- source --
-- The text of a status as its author typed it.
SELECT text, spoiler_text FROM read.statuses WHERE id = %(id)s AND boost_of_id IS NULL
