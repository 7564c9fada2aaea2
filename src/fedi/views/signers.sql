-- of_key --
-- Actors elsewhere that are known to have a key.
SELECT accounts.uri AS actor, account_keys.pem
  FROM read.account_keys
  JOIN read.accounts ON accounts.id = account_keys.account_id
 WHERE account_keys.key_id = %(key_id)s AND accounts.domain IS NOT NULL;

-- stale --
-- Those of some actors elsewhere whose profile was last seen before a moment.
SELECT uri FROM read.accounts
 WHERE id = ANY(%(ids)s::bigint[]) AND domain IS NOT NULL AND changed_at < %(before)s;
