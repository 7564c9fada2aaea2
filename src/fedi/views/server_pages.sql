-- page --
-- All forms of a page.
SELECT effective_on, content, written_at FROM read.server_pages WHERE page = %(page)s ORDER BY effective_on DESC
