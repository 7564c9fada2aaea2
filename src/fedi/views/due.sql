-- mutes --
-- Mutes whose time has run out.
SELECT id, account_id, target_id FROM read.mutes WHERE expires_at <= %(now)s ORDER BY expires_at LIMIT 500;
