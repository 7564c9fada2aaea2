-- behind --
-- Those behind the inboxes of some deliveries who follow their author, or whom their author follows.
SELECT DISTINCT ON (people.uri) people.uri, deliveries.position
  FROM unnest(%(positions)s::bigint[], %(inbox_ids)s::integer[]) AS given (position, inbox_id)
  JOIN effects.deliveries ON deliveries.position = given.position AND deliveries.inbox_id = given.inbox_id
  JOIN effects.inboxes ON inboxes.id = given.inbox_id
  CROSS JOIN LATERAL (
       SELECT accounts.uri
         FROM read.follows
         JOIN read.accounts ON accounts.id = follows.account_id
        WHERE follows.target_id = deliveries.account_id AND inboxes.url IN (accounts.inbox, accounts.shared_inbox)
       UNION
       SELECT accounts.uri
         FROM read.follows
         JOIN read.accounts ON accounts.id = follows.target_id
        WHERE follows.account_id = deliveries.account_id AND inboxes.url IN (accounts.inbox, accounts.shared_inbox)
        LIMIT %(most)s
  ) AS people
 ORDER BY people.uri, deliveries.position;

-- ask --
-- Queue a look at actors; who was looked at within a day is not looked at again.
INSERT INTO effects.fetches (uri, kind, host, depth, cause)
SELECT uri, 'actor', host, 0, cause
  FROM unnest(%(uris)s::text[], %(hosts)s::text[], %(causes)s::bigint[]) AS given (uri, host, cause)
    ON CONFLICT (uri, kind) DO UPDATE
   SET depth = 0, cause = excluded.cause, attempts = 0, due_at = now(), position = NULL, finished_at = NULL
 WHERE fetches.finished_at < now() - interval '1 day';
