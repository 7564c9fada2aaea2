-- same --
-- The living token of an app, a user and exactly these scopes.
SELECT id, hash, seed, scopes, created_at
  FROM registry.tokens
 WHERE app_id IS NOT DISTINCT FROM %(app_id)s::bigint
   AND user_id IS NOT DISTINCT FROM %(user_id)s::bigint
   AND scopes = %(scopes)s::text[]
   AND revoked_at IS NULL
 ORDER BY id DESC
 LIMIT 1

-- make --
-- Store a token.
INSERT INTO registry.tokens (hash, seed, app_id, user_id, scopes)
VALUES (%(hash)s, %(seed)s, %(app_id)s, %(user_id)s, %(scopes)s)
RETURNING id, hash, seed, scopes, created_at

-- viewers --
-- Who stands behind some tokens.
SELECT token.hash,
       token.id AS token_id,
       token.xmin::text::bigint AS token_version,
       token.app_id,
       token.user_id,
       users.account_id,
       token.scopes,
       token.revoked_at IS NOT NULL AS revoked,
       users.confirmed_at IS NOT NULL AS confirmed,
       coalesce(users.approved, false) AS approved,
       coalesce(users.disabled, false) AS disabled,
       users.xmin::text::bigint AS user_version,
       token.last_used_at
  FROM registry.tokens AS token
  LEFT JOIN registry.users ON users.id = token.user_id
 WHERE token.hash = ANY(%(hashes)s::bytea[])

-- describe --
-- A token with its app and its person, by digest or id.
SELECT token.user_id,
       users.username,
       app.client_id,
       token.scopes,
       token.created_at,
       token.revoked_at IS NULL
           AND (token.user_id IS NULL OR users.confirmed_at IS NOT NULL AND users.approved AND NOT users.disabled)
           AS active
  FROM registry.tokens AS token
  LEFT JOIN registry.users ON users.id = token.user_id
  LEFT JOIN registry.apps AS app ON app.id = token.app_id
 WHERE token.hash = %(hash)s::bytea OR token.id = %(id)s::bigint

-- alive --
-- Those of some tokens with which people may do anything.
SELECT token.id
  FROM registry.tokens AS token
  JOIN registry.users ON users.id = token.user_id
 WHERE token.id = ANY(%(ids)s::bigint[]) AND token.revoked_at IS NULL
   AND users.confirmed_at IS NOT NULL AND users.approved AND NOT users.disabled

-- touch --
-- Tokens were used. Those that another process writes down at this moment are left to it: two could wait for each other.
UPDATE registry.tokens SET last_used_at = %(moment)s
 WHERE id IN (SELECT id FROM registry.tokens WHERE id = ANY(%(ids)s::bigint[]) FOR NO KEY UPDATE SKIP LOCKED)

-- revoke --
-- End tokens.
UPDATE registry.tokens SET revoked_at = now() WHERE id = ANY(%(ids)s::bigint[]) AND revoked_at IS NULL RETURNING id

-- revoke_of_user --
-- End all that a user's apps hold.
WITH codes AS (
    DELETE FROM registry.codes WHERE user_id = %(user_id)s AND used_at IS NULL
)
UPDATE registry.tokens SET revoked_at = now() WHERE user_id = %(user_id)s AND revoked_at IS NULL RETURNING id

-- apps_of_user --
-- Apps with a living token of a user.
SELECT app.id,
       app.name,
       app.website,
       (SELECT array_agg(DISTINCT scope ORDER BY scope)
          FROM registry.tokens AS each, unnest(each.scopes) AS scope
         WHERE each.app_id = app.id AND each.user_id = %(user_id)s AND each.revoked_at IS NULL) AS scopes,
       min(token.created_at) AS created_at,
       max(token.last_used_at) AS last_used_at
  FROM registry.tokens AS token
  JOIN registry.apps AS app ON app.id = token.app_id
 WHERE token.user_id = %(user_id)s AND token.revoked_at IS NULL
 GROUP BY app.id
 ORDER BY min(token.created_at) DESC

-- revoke_of_app --
-- End all that one app holds of a user.
WITH codes AS (
    DELETE FROM registry.codes WHERE user_id = %(user_id)s AND app_id = %(app_id)s AND used_at IS NULL
)
UPDATE registry.tokens SET revoked_at = now()
 WHERE user_id = %(user_id)s AND app_id = %(app_id)s AND revoked_at IS NULL
RETURNING id
