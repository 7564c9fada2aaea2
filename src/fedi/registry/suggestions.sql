-- dismiss --
-- An account is not to be suggested to somebody any more.
INSERT INTO registry.dismissed_suggestions (account_id, target_id) VALUES (%(account_id)s, %(target_id)s)
    ON CONFLICT DO NOTHING
