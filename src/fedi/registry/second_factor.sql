-- prepare --
-- A secret that does not count yet.
UPDATE registry.users SET otp_secret = %(secret)s, otp_enabled_at = NULL, otp_last_step = NULL WHERE id = %(id)s

-- enable --
-- The secret counts.
UPDATE registry.users SET otp_enabled_at = %(moment)s WHERE id = %(id)s

-- disable --
-- Neither secret nor recovery codes are left.
WITH gone AS (
    DELETE FROM registry.recovery_codes WHERE user_id = %(id)s
)
UPDATE registry.users SET otp_secret = NULL, otp_enabled_at = NULL, otp_last_step = NULL WHERE id = %(id)s

-- renew_recovery_codes --
-- New recovery codes in place of the old.
WITH gone AS (
    DELETE FROM registry.recovery_codes WHERE user_id = %(id)s AND hash <> ALL (%(hashes)s::bytea[])
)
INSERT INTO registry.recovery_codes (user_id, hash) SELECT %(id)s, unnest(%(hashes)s::bytea[])

-- use_step --
-- A code of the app is used; one of the same or an earlier step is not good any more.
UPDATE registry.users SET otp_last_step = %(step)s
 WHERE id = %(id)s AND (otp_last_step IS NULL OR otp_last_step < %(step)s)

-- use_recovery_code --
-- A recovery code is used.
DELETE FROM registry.recovery_codes WHERE user_id = %(id)s AND hash = %(hash)s
