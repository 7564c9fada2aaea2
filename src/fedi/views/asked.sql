-- asked --
-- What the server may answer, by itself, to those who ask to follow local accounts.
SELECT given.asker_id, given.asked_id, asked.uri, asked.locked, asker.limited,
       coalesce(follows.accepted, false) AS accepted,
       asker.suspended
       OR EXISTS (SELECT FROM read.blocks
                WHERE blocks.account_id = given.asked_id AND blocks.target_id = given.asker_id)
       OR EXISTS (SELECT FROM read.domain_blocks WHERE domain_blocks.account_id = given.asked_id AND domain_blocks.domain = asker.domain) AS blocked
  FROM unnest(%(asker_ids)s::bigint[], %(asked_ids)s::bigint[]) AS given (asker_id, asked_id)
  JOIN read.accounts AS asked ON asked.id = given.asked_id AND asked.domain IS NULL AND NOT asked.suspended
  JOIN read.accounts AS asker ON asker.id = given.asker_id
  LEFT JOIN read.follows ON follows.account_id = given.asker_id AND follows.target_id = given.asked_id;
