-- save --
-- Keep settings in the place of those before.
INSERT INTO registry.web_settings (user_id, data, updated_at)
SELECT id, %(data)s, %(moment)s FROM registry.users WHERE account_id = %(account_id)s
    ON CONFLICT (user_id) DO UPDATE SET data = excluded.data, updated_at = excluded.updated_at

-- of_account --
-- What was kept last.
SELECT data FROM registry.web_settings
 WHERE user_id = (SELECT id FROM registry.users WHERE account_id = %(account_id)s)
