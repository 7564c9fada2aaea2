-- any --
-- Whether there are such notifications at all: few events cause any, and the question below takes long to plan.
SELECT 1 FROM read.notifications WHERE id >= %(from)s AND id < %(below)s LIMIT 1

-- due --
-- New notifications, each with the subscriptions of its receiver that want to hear of its kind and of its sender.
SELECT n.id AS notification_id, subscription.id AS subscription_id
  FROM read.notifications n
  JOIN registry.users ON users.account_id = n.account_id
  JOIN registry.push_subscriptions AS subscription ON subscription.user_id = users.id
 WHERE n.id >= %(from)s AND n.id < %(below)s AND NOT n.filtered AND n.type = ANY(subscription.alerts)
   AND CASE subscription.policy
       WHEN 'all' THEN true
       WHEN 'followed' THEN EXISTS (SELECT FROM read.follows f WHERE f.account_id = n.account_id
                                       AND f.target_id = n.from_account_id AND f.accepted)
       WHEN 'follower' THEN EXISTS (SELECT FROM read.follows f WHERE f.account_id = n.from_account_id
                                       AND f.target_id = n.account_id AND f.accepted)
       ELSE false
       END
   AND {shown}
 ORDER BY n.id, subscription.id
