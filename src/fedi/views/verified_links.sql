-- one --
-- What of a profile counts when its links are looked at.
SELECT uri, url, fields, verified FROM read.accounts WHERE id = %(id)s AND NOT suspended
