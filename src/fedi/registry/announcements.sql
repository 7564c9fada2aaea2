-- dismiss --
-- Somebody has read an announcement.
INSERT INTO registry.read_announcements (account_id, announcement_id) VALUES (%(account_id)s, %(announcement_id)s)
    ON CONFLICT DO NOTHING
