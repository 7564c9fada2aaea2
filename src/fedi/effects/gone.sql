-- behind --
-- Those behind the inboxes of some deliveries who follow their author, or whom their author follows, and who were not
-- looked at within a day.
SELECT DISTINCT ON (people.uri) people.uri, deliveries.position
  FROM unnest(%(positions)s::bigint[], %(inbox_ids)s::integer[]) AS given (position, inbox_id)
  JOIN effects.deliveries ON deliveries.position = given.position AND deliveries.inbox_id = given.inbox_id
  JOIN effects.inboxes ON inboxes.id = given.inbox_id
  CROSS JOIN LATERAL (
       SELECT accounts.uri
         FROM (SELECT account_id FROM read.follows WHERE target_id = deliveries.account_id
               UNION
               SELECT target_id FROM read.follows WHERE account_id = deliveries.account_id) AS partners (id)
         JOIN read.accounts ON accounts.id = partners.id
        WHERE inboxes.url IN (accounts.inbox, accounts.shared_inbox)
          AND NOT EXISTS (
              SELECT FROM effects.fetches
               WHERE fetches.uri = accounts.uri AND fetches.kind = 'actor'
                 AND (fetches.finished_at IS NULL OR fetches.finished_at > now() - interval '1 day')
          )
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
