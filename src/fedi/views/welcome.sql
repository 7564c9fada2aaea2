-- welcome --
-- The row is by nobody, and boosts nobody, whom the reader mutes or blocks or who blocks the reader.
NOT EXISTS (SELECT FROM read.mutes
             WHERE account_id = {viewer} AND target_id IN ({s}.account_id, {s}.boost_of_account_id)
               AND (expires_at IS NULL OR expires_at > now()))
AND NOT EXISTS (SELECT FROM read.blocks
                 WHERE account_id = {viewer} AND target_id IN ({s}.account_id, {s}.boost_of_account_id))
AND NOT EXISTS (SELECT FROM read.blocks
                 WHERE target_id = {viewer} AND account_id IN ({s}.account_id, {s}.boost_of_account_id))

-- unblocked --
-- No block stands between the reader and the row, which is one of read.accounts.
NOT EXISTS (SELECT FROM read.blocks WHERE account_id = {a}.id AND target_id = %(viewer)s::bigint)
AND NOT EXISTS (SELECT FROM read.blocks WHERE account_id = %(viewer)s::bigint AND target_id = {a}.id)
