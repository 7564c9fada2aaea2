-- begin --
-- Note where an account takes people along to, unless it did so elsewhere a short time ago.
INSERT INTO effects.moves AS move (account_id, target_uri, at)
VALUES (%(account_id)s, %(target_uri)s, %(now)s)
ON CONFLICT (account_id)
DO UPDATE SET target_uri = excluded.target_uri, at = excluded.at
        WHERE move.at < %(before)s OR move.target_uri = excluded.target_uri
