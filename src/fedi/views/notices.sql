-- due --
-- New notifications of people who want mail of their kind and used no app lately.
SELECT n.id AS notification_id, users.id AS user_id, n.type
  FROM read.notifications n
  JOIN registry.users ON users.account_id = n.account_id
 WHERE n.id >= %(from)s AND n.id < %(below)s AND NOT n.filtered
   AND users.confirmed_at IS NOT NULL AND users.approved AND NOT users.disabled
   AND coalesce(users.preferences -> 'mails', %(mails)s::jsonb) ? n.type
   AND NOT EXISTS (SELECT FROM registry.tokens AS token
                    WHERE token.user_id = users.id AND token.revoked_at IS NULL
                      AND token.last_used_at > %(here_since)s)
   AND {shown}
 ORDER BY n.id
