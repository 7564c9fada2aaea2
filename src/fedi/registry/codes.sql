-- make --
-- Store a code, and clear away what expired long ago.
WITH cleared AS (
    DELETE FROM registry.codes WHERE expires_at < %(stale)s
)
INSERT INTO registry.codes (hash, app_id, user_id, redirect_uri, scopes, challenge, created_at, expires_at)
VALUES (%(hash)s, %(app_id)s, %(user_id)s, %(redirect_uri)s, %(scopes)s, %(challenge)s, %(created_at)s, %(expires_at)s)

-- find --
-- One code, locked.
SELECT app_id, user_id, redirect_uri, scopes, challenge, expires_at, used_at, token_id
  FROM registry.codes
 WHERE hash = %(hash)s
   FOR UPDATE

-- use --
-- A code was exchanged for a token.
UPDATE registry.codes SET used_at = %(moment)s, token_id = %(token_id)s WHERE hash = %(hash)s
