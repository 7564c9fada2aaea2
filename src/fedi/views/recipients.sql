-- inboxes --
-- The inboxes of people elsewhere. A follow counts from the event that accepted it to the event that ended it.
WITH people AS (
    SELECT given.position, given.account_id
      FROM unnest(%(account_positions)s::bigint[], %(account_ids)s::bigint[]) AS given (position, account_id)
    UNION
    SELECT given.position, statuses.account_id
      FROM unnest(%(author_positions)s::bigint[], %(author_status_ids)s::bigint[]) AS given (position, status_id)
      JOIN read.statuses ON statuses.id = given.status_id
    UNION
    SELECT given.position, follows.account_id
      FROM unnest(%(followed_positions)s::bigint[], %(followed_ids)s::bigint[]) AS given (position, account_id)
      JOIN read.accounts AS followed ON followed.id = given.account_id AND followed.domain IS NULL
      JOIN read.follows ON follows.target_id = given.account_id AND follows.accepted AND follows.since < given.position
    UNION
    SELECT given.position, past_follows.account_id
      FROM unnest(%(followed_positions)s::bigint[], %(followed_ids)s::bigint[]) AS given (position, account_id)
      JOIN read.past_follows ON past_follows.target_id = given.account_id
       AND past_follows.since < given.position AND past_follows.until >= given.position
)
SELECT DISTINCT people.position,
       CASE WHEN accounts.shared_inbox = '' OR people.position = ANY(%(personal)s::bigint[])
            THEN accounts.inbox ELSE accounts.shared_inbox END
  FROM people
  JOIN read.accounts ON accounts.id = people.account_id
 WHERE accounts.domain IS NOT NULL;

-- of_accounts --
-- The inbox for each of some accounts elsewhere.
SELECT id, coalesce(nullif(shared_inbox, ''), inbox) FROM read.accounts
 WHERE id = ANY(%(ids)s::bigint[]) AND domain IS NOT NULL;
