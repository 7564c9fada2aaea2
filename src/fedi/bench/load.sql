-- holds --
-- Whether the log has an event of an identity.
SELECT EXISTS (SELECT FROM log.events WHERE originator_id = %(identity)s AND originator_version = 1)

-- strangers --
-- Something in the log that an empty server has not said; the development admin is no stranger.
SELECT topic FROM log.events
WHERE topic <> 'server.founded' AND NOT (topic = 'account.created' AND notification_id = 2)
ORDER BY notification_id
LIMIT 1

-- behind --
-- Whether an effect has yet to see something that was said.
SELECT coalesce(min(position) < %(last)s, false) FROM effects.cursors

-- skip --
-- What the world says was done elsewhere already: no effect delivers, answers or fetches because of it.
UPDATE effects.cursors SET position = %(last)s WHERE position < %(last)s

-- settle --
-- Logins of local people, with the same keys, and no password that fits.
WITH new AS (
    SELECT * FROM unnest(%(ids)s::bigint[], %(names)s::text[]) AS given (account_id, name)
), logins AS (
    INSERT INTO registry.users (account_id, username, email, password_hash, confirmed_at)
    SELECT account_id, name, name || '@world.invalid', 'fits no password', now() FROM new
)
INSERT INTO registry.keys (account_id, kind, private_pem, public_pem)
SELECT account_id, 'rsa', %(private_pem)s, %(public_pem)s FROM new

-- keys --
-- The pair that all people of the world share.
SELECT private_pem, public_pem FROM registry.keys WHERE account_id = %(id)s AND kind = 'rsa'
