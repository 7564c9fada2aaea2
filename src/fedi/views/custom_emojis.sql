-- everything --
-- All emoji that people here may use.
SELECT id, shortcode, url, category, added_at FROM read.custom_emojis ORDER BY category, shortcode

-- named --
-- The emoji of some names.
SELECT id, shortcode, url, category, added_at FROM read.custom_emojis WHERE shortcode = ANY(%(shortcodes)s::text[])

-- one --
-- One emoji.
SELECT id, shortcode, url, category, added_at FROM read.custom_emojis WHERE id = %(id)s
