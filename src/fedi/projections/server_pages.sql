-- create --
-- What the staff wrote about the server: HTML that may be shown, or the rules as they were written, a line each.
CREATE TABLE server_pages (
    page text NOT NULL,
    effective_on text NOT NULL,
    content text NOT NULL,
    written_at timestamptz NOT NULL,
    PRIMARY KEY (page, effective_on)
);

-- save --
-- Pages as they stand now; an empty one is none.
WITH given AS (SELECT * FROM json_populate_recordset(NULL::server_pages, %(rows)s::json)),
     gone AS (DELETE FROM server_pages USING given
               WHERE server_pages.page = given.page AND server_pages.effective_on = given.effective_on
                 AND given.content = '')
INSERT INTO server_pages (page, effective_on, content, written_at)
SELECT page, effective_on, content, written_at FROM given WHERE content <> ''
    ON CONFLICT (page, effective_on) DO UPDATE SET content = excluded.content, written_at = excluded.written_at;
