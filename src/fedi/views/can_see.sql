-- author --
-- The viewer wrote it.
{s}.account_id = {viewer}

-- anyone --
-- Everybody but those whom the author blocks.
NOT EXISTS (SELECT FROM read.blocks WHERE account_id = {s}.account_id AND target_id = {viewer})

-- follower --
-- Those whom the author accepted as followers and does not block.
EXISTS (SELECT FROM read.follows
         WHERE account_id = {viewer} AND target_id = {s}.account_id AND accepted)
AND NOT EXISTS (SELECT FROM read.blocks WHERE account_id = {s}.account_id AND target_id = {viewer})

-- mentioned --
-- Those whom it addresses by name.
EXISTS (SELECT FROM read.status_mentions WHERE status_id = {s}.id AND account_id = {viewer})

-- shown --
-- Its author is not suspended.
NOT EXISTS (SELECT FROM read.accounts WHERE accounts.id = {s}.account_id AND accounts.suspended)

-- status --
-- A row of read.statuses apart from what it boosts.
(({ties}) AND {shown})

-- boost --
-- A row of read.statuses, and its original if it is a boost.
({itself} AND ({s}.boost_of_id IS NULL OR EXISTS (
    SELECT FROM read.statuses original WHERE original.id = {s}.boost_of_id AND {original})))

-- one --
-- One status, if it may be seen.
SELECT s.id FROM read.statuses s WHERE s.id = %(id)s AND {visible}
