-- create --
-- Store a login.
INSERT INTO registry.users (account_id, username, email, password_hash, role, confirmed_at, approved, locale)
VALUES (%(account_id)s, %(username)s, %(email)s, %(password_hash)s, %(role)s, %(confirmed_at)s, %(approved)s, %(locale)s)
RETURNING *

-- remove --
-- Delete a login and its keys.
WITH gone AS (
    DELETE FROM registry.users WHERE id = %(id)s RETURNING account_id
)
DELETE FROM registry.keys WHERE account_id IN (SELECT account_id FROM gone)

-- erase --
-- Delete a login, and by reference all that it opened.
DELETE FROM registry.users WHERE account_id = %(account_id)s

-- by_id --
-- One login by its id.
SELECT * FROM registry.users WHERE id = %(id)s

-- by_account --
-- The login that speaks for an account.
SELECT * FROM registry.users WHERE account_id = %(account_id)s

-- by_username --
-- One login by its name.
SELECT * FROM registry.users WHERE lower(username) = lower(%(username)s)

-- by_email --
-- One login by its address.
SELECT * FROM registry.users WHERE lower(email) = lower(%(email)s)

-- by_login --
-- One login by its address or name; addresses have an @ inside, names never do, so at most one row matches.
SELECT * FROM registry.users
 WHERE lower(email) = lower(%(email)s) OR lower(username) = lower(%(username)s)
 LIMIT 1

-- confirm --
-- The address was confirmed.
UPDATE registry.users SET confirmed_at = %(moment)s WHERE id = %(id)s AND confirmed_at IS NULL

-- note_sign_up --
-- How a login came to be.
UPDATE registry.users
   SET reason = %(reason)s, app_id = %(app_id)s, invite_id = %(invite_id)s, age_verified_at = %(age_verified_at)s
 WHERE id = %(id)s

-- set_email --
-- Another address.
UPDATE registry.users
   SET email = %(email)s, confirmed_at = coalesce(confirmed_at, %(moment)s::timestamptz)
 WHERE id = %(id)s

-- end_everything --
-- Sessions, codes and links go, but for one that confirms the very address of the login; tokens are revoked.
WITH sessions AS (
    DELETE FROM registry.sessions WHERE user_id = %(id)s
), codes AS (
    DELETE FROM registry.codes WHERE user_id = %(id)s AND used_at IS NULL
), links AS (
    DELETE FROM registry.confirmations
     WHERE user_id = %(id)s
       AND (purpose = 'reset_password' OR email <> (SELECT email FROM registry.users WHERE id = %(id)s))
)
UPDATE registry.tokens SET revoked_at = now() WHERE user_id = %(id)s AND revoked_at IS NULL RETURNING id

-- set_password_hash --
-- Another password.
UPDATE registry.users SET password_hash = %(password_hash)s WHERE id = %(id)s

-- set_state --
-- Let a login in, or keep it out.
UPDATE registry.users SET approved = %(approved)s, disabled = %(disabled)s WHERE id = %(id)s

-- set_role --
-- Another role.
UPDATE registry.users SET role = %(role)s WHERE id = %(id)s

-- set_preferences --
-- All preferences at once.
UPDATE registry.users SET preferences = %(preferences)s WHERE id = %(id)s
