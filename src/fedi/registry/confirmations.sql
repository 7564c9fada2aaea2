-- make --
-- Store a link in place of earlier ones.
WITH cleared AS (
    DELETE FROM registry.confirmations WHERE user_id = %(user_id)s AND purpose = %(purpose)s
)
INSERT INTO registry.confirmations (hash, user_id, purpose, email, expires_at)
VALUES (%(hash)s, %(user_id)s, %(purpose)s, %(email)s, %(expires_at)s)

-- take --
-- Use a link up.
DELETE FROM registry.confirmations
 WHERE hash = %(hash)s AND purpose = %(purpose)s AND expires_at > %(moment)s
RETURNING user_id, email
