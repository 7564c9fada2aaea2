-- ask --
-- Ask for a page, unless it was asked for lately.
INSERT INTO effects.pages AS known (key, asked_at, host) VALUES (%(key)s, %(now)s, %(host)s)
    ON CONFLICT (key) DO UPDATE SET asked_at = excluded.asked_at WHERE known.asked_at < %(before)s;

-- asked --
-- How many pages of a host were asked for in the last minute.
SELECT count(*) FROM effects.pages WHERE host = %(host)s AND asked_at > %(now)s::timestamptz - interval '1 minute';

-- forget --
-- Pages that may be asked for again.
DELETE FROM effects.pages WHERE asked_at < %(before)s;

-- forget_pages --
-- Some pages may be asked for again.
DELETE FROM effects.pages WHERE key = ANY(%(keys)s::bytea[]);
