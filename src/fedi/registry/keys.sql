-- add --
-- Store a key pair where there is none.
INSERT INTO registry.keys (account_id, kind, private_pem, public_pem)
VALUES (%(account_id)s, %(kind)s, %(private_pem)s, %(public_pem)s)
ON CONFLICT (account_id, kind) DO NOTHING

-- replace --
-- Store a key pair in place of another.
INSERT INTO registry.keys (account_id, kind, private_pem, public_pem)
VALUES (%(account_id)s, %(kind)s, %(private_pem)s, %(public_pem)s)
ON CONFLICT (account_id, kind)
DO UPDATE SET private_pem = excluded.private_pem, public_pem = excluded.public_pem, created_at = now()

-- of_accounts --
-- The keys of several accounts.
SELECT account_id, kind, private_pem, public_pem FROM registry.keys WHERE account_id = ANY(%(account_ids)s::bigint[])
