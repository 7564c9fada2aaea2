-- welcome --
-- The row is by nobody, and boosts nobody, whom the reader mutes or blocks, alone or with their whole server, or who
-- blocks the reader.
NOT EXISTS (SELECT FROM read.mutes
             WHERE account_id = {viewer} AND target_id IN ({s}.account_id, {s}.boost_of_account_id)
               AND (expires_at IS NULL OR expires_at > now()))
AND NOT EXISTS (SELECT FROM read.blocks
                 WHERE account_id = {viewer} AND target_id IN ({s}.account_id, {s}.boost_of_account_id))
AND NOT EXISTS (SELECT FROM read.blocks
                 WHERE target_id = {viewer} AND account_id IN ({s}.account_id, {s}.boost_of_account_id))
AND NOT EXISTS (SELECT FROM read.domain_blocks d JOIN read.accounts a ON a.domain = d.domain
                 WHERE d.account_id = {viewer} AND a.id IN ({s}.account_id, {s}.boost_of_account_id) OFFSET 0)

-- shared --
-- The row is no boost of somebody whom the reader mutes or blocks, alone or with their whole server, or who blocks the
-- reader. What they boost themselves they may read.
({s}.boost_of_id IS NULL OR {s}.account_id = {viewer} OR NOT (
    EXISTS (SELECT FROM read.mutes WHERE account_id = {viewer} AND target_id = {s}.boost_of_account_id
               AND (expires_at IS NULL OR expires_at > now()))
    OR EXISTS (SELECT FROM read.blocks WHERE account_id = {viewer} AND target_id = {s}.boost_of_account_id)
    OR EXISTS (SELECT FROM read.blocks WHERE account_id = {s}.boost_of_account_id AND target_id = {viewer})
    OR EXISTS (SELECT FROM read.domain_blocks d JOIN read.accounts a ON a.domain = d.domain
                WHERE d.account_id = {viewer} AND a.id = {s}.boost_of_account_id OFFSET 0)))

-- unnamed --
-- Nobody is named in the row, or in what it boosts, whom the reader mutes or blocks or who blocks the reader. What they
-- say themselves they may read. OFFSET 0 has it looked up for each row: the planner likes to do it for all there are.
({viewer} IS NULL OR {s}.account_id = {viewer} OR NOT EXISTS (
    SELECT FROM read.status_mentions n
     WHERE n.status_id = coalesce({s}.boost_of_id, {s}.id) AND NOT n.silent
       AND (EXISTS (SELECT FROM read.mutes m WHERE m.account_id = {viewer} AND m.target_id = n.account_id
                       AND (m.expires_at IS NULL OR m.expires_at > now()))
            OR EXISTS (SELECT FROM read.blocks b WHERE b.account_id = {viewer} AND b.target_id = n.account_id)
            OR EXISTS (SELECT FROM read.blocks b WHERE b.account_id = n.account_id AND b.target_id = {viewer})
            OR EXISTS (SELECT FROM read.domain_blocks d JOIN read.accounts a ON a.domain = d.domain
                        WHERE d.account_id = {viewer} AND a.id = n.account_id OFFSET 0))
    OFFSET 0))

-- unblocked --
-- No block stands between the reader and the row, which is one of read.accounts.
NOT EXISTS (SELECT FROM read.blocks WHERE account_id = {a}.id AND target_id = {viewer})
AND NOT EXISTS (SELECT FROM read.blocks WHERE account_id = {viewer} AND target_id = {a}.id)

-- unlimited --
-- The operator does not limit the author of the row.
NOT EXISTS (SELECT FROM read.accounts WHERE accounts.id = {s}.account_id AND accounts.limited)

-- unlimited_or_followed --
-- The operator does not limit the author of the row, or the reader is, or follows, that author.
(NOT EXISTS (SELECT FROM read.accounts WHERE accounts.id = {s}.account_id AND accounts.limited)
 OR {s}.account_id = {viewer}
 OR EXISTS (SELECT FROM read.follows
             WHERE follows.account_id = {viewer} AND follows.target_id = {s}.account_id AND follows.accepted))
