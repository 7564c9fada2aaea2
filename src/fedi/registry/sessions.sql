-- open --
-- Store a session, and clear away those that ended.
WITH cleared AS (
    DELETE FROM registry.sessions WHERE expires_at < %(created_at)s
)
INSERT INTO registry.sessions (hash, user_id, ip, user_agent, created_at, expires_at)
VALUES (%(hash)s, %(user_id)s, %(ip)s, %(user_agent)s, %(created_at)s, %(expires_at)s)

-- find --
-- A living session with its user.
SELECT session.id AS session_id, users.*
  FROM registry.sessions AS session
  JOIN registry.users ON users.id = session.user_id
 WHERE session.hash = %(hash)s AND session.expires_at > %(moment)s

-- close --
-- End one session.
DELETE FROM registry.sessions WHERE hash = %(hash)s

-- of_user --
-- Where a user is signed in.
SELECT id, host(ip) AS ip, user_agent, created_at
  FROM registry.sessions
 WHERE user_id = %(user_id)s AND expires_at > %(moment)s
 ORDER BY id DESC

-- close_one --
-- End one session of a user.
DELETE FROM registry.sessions WHERE id = %(id)s AND user_id = %(user_id)s

-- close_of_user --
-- End all sessions of a user.
DELETE FROM registry.sessions WHERE user_id = %(user_id)s
