-- ask --
-- Ask for a page, unless it was asked for lately.
INSERT INTO effects.pages AS known (key, asked_at) VALUES (%(key)s, %(now)s)
    ON CONFLICT (key) DO UPDATE SET asked_at = excluded.asked_at WHERE known.asked_at < %(before)s;

-- forget --
-- Pages that may be asked for again.
DELETE FROM effects.pages WHERE asked_at < %(before)s;

-- forget_pages --
-- Some pages may be asked for again.
DELETE FROM effects.pages WHERE key = ANY(%(keys)s::bytea[]);
