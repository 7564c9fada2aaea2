-- create --
-- The emoji that people here may use.
CREATE TABLE custom_emojis (
    shortcode text PRIMARY KEY,
    id bigint NOT NULL UNIQUE,
    url text NOT NULL,
    category text NOT NULL,
    added_at timestamptz NOT NULL
);

-- remove --
-- Emoji that were taken away, or give way to others of their name.
DELETE FROM custom_emojis WHERE shortcode = ANY(%(shortcodes)s);

-- add --
-- New emoji.
INSERT INTO custom_emojis (shortcode, id, url, category, added_at)
SELECT shortcode, id, url, category, added_at FROM json_populate_recordset(NULL::custom_emojis, %(rows)s::json);
