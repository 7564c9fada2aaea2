-- subscribe --
-- Store a subscription in place of the one its token had.
INSERT INTO registry.push_subscriptions AS before
       (token_id, user_id, endpoint, p256dh, auth, standard, alerts, policy, seed)
VALUES (%(token_id)s, %(user_id)s, %(endpoint)s, %(p256dh)s, %(auth)s, %(standard)s, %(alerts)s, %(policy)s, %(seed)s)
ON CONFLICT (token_id)
DO UPDATE SET endpoint = excluded.endpoint, p256dh = excluded.p256dh, auth = excluded.auth,
              standard = excluded.standard, alerts = excluded.alerts, policy = excluded.policy, seed = excluded.seed
RETURNING *

-- of_token --
-- The subscription of a token.
SELECT * FROM registry.push_subscriptions WHERE token_id = %(token_id)s

-- by_id --
-- One subscription.
SELECT * FROM registry.push_subscriptions WHERE id = %(id)s

-- choose --
-- Change what is pushed.
UPDATE registry.push_subscriptions SET alerts = %(alerts)s, policy = %(policy)s WHERE token_id = %(token_id)s RETURNING *

-- end --
-- Forget a subscription.
DELETE FROM registry.push_subscriptions WHERE id = %(id)s

-- end_of_token --
-- Forget the subscription of a token.
DELETE FROM registry.push_subscriptions WHERE token_id = %(token_id)s

-- behind --
-- The token and the person behind a subscription, as long as both may do anything.
SELECT token.seed, users.locale
  FROM registry.push_subscriptions AS subscription
  JOIN registry.tokens AS token ON token.id = subscription.token_id AND token.revoked_at IS NULL
  JOIN registry.users ON users.id = subscription.user_id
   AND users.confirmed_at IS NOT NULL AND users.approved AND NOT users.disabled
 WHERE subscription.id = %(id)s
