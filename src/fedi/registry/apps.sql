-- register --
-- Store a client.
INSERT INTO registry.apps (client_id, secret_hash, name, website, redirect_uris, scopes)
VALUES (%(client_id)s, %(secret_hash)s, %(name)s, %(website)s, %(redirect_uris)s, %(scopes)s)
RETURNING *

-- by_id --
-- One client by its id.
SELECT * FROM registry.apps WHERE id = %(id)s

-- by_client_id --
-- One client by the name it was given for OAuth.
SELECT * FROM registry.apps WHERE client_id = %(client_id)s
