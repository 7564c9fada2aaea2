-- recorded --
-- The recorded audiences of statuses, for each position that is told of one.
SELECT given.position, inboxes.url
  FROM unnest(%(positions)s::bigint[], %(status_ids)s::bigint[]) AS given (position, status_id)
  JOIN effects.sent ON sent.status_id = given.status_id
  CROSS JOIN unnest(sent.inbox_ids) AS known (inbox_id)
  JOIN effects.inboxes ON inboxes.id = known.inbox_id;

-- reached --
-- The inboxes that accounts ever sent anything to, for each position that all of them are told of.
SELECT given.position, inboxes.url
  FROM unnest(%(positions)s::bigint[], %(account_ids)s::bigint[]) AS given (position, account_id)
  JOIN effects.reached ON reached.account_id = given.account_id
  JOIN effects.inboxes ON inboxes.id = reached.inbox_id;

-- watched --
-- Of some acts, each an account's on a status: those on statuses whose audience is recorded, by whoever may read them.
-- Anybody can send a Like of a private post whose address they saw, and must not be sent its next version for it. Those
-- whom a post names are in its audience already. References also know posts that are gone by now.
SELECT DISTINCT given.status_id, given.account_id
  FROM unnest(%(status_ids)s::bigint[], %(account_ids)s::bigint[]) AS given (status_id, account_id)
  JOIN effects.sent ON sent.status_id = given.status_id
  JOIN read.refs ON refs.id = given.status_id AND refs.kind = 'status'
 WHERE refs.visibility IN ('public', 'unlisted')
    OR refs.visibility = 'private' AND EXISTS (
       SELECT FROM read.follows
        WHERE follows.account_id = given.account_id AND follows.target_id = refs.author_id AND follows.accepted);

-- lock --
-- One transaction at a time changes hosts: this and the lanes' reports take rows in different orders, and a lane that is
-- put to rest must see what was queued for it meanwhile. Held for milliseconds.
SELECT pg_advisory_xact_lock(%(lock)s);

-- number --
-- Give every inbox its number.
INSERT INTO effects.inboxes (url, host)
SELECT DISTINCT given.url, given.host FROM unnest(%(urls)s::text[], %(hosts)s::text[]) AS given (url, host)
 ORDER BY given.url
    ON CONFLICT (url) DO NOTHING;

-- wake --
-- Let the lanes of hosts go on, unless they are pausing.
INSERT INTO effects.hosts (name, wake_at, used_at)
SELECT host, %(now)s, %(now)s FROM unnest(%(hosts)s::text[]) AS given (host)
    ON CONFLICT (name) DO UPDATE SET wake_at = coalesce(hosts.wake_at, excluded.wake_at), used_at = excluded.used_at;

-- queue --
-- Queue activities to inboxes, and remember whom their authors reach.
WITH queued AS (
    INSERT INTO effects.deliveries (position, inbox_id, host, account_id, kind, about, after, said_at)
    SELECT said.position, inboxes.id, inboxes.host, said.account_id, said.kind, said.about, said.after, said.said_at
      FROM unnest(
               %(positions)s::bigint[], %(account_ids)s::bigint[], %(kinds)s::text[], %(abouts)s::bigint[],
               %(afters)s::bigint[], %(said_ats)s::timestamptz[]
           ) AS said (position, account_id, kind, about, after, said_at)
      JOIN unnest(%(inbox_positions)s::bigint[], %(urls)s::text[]) AS given (position, url)
        ON given.position = said.position
      JOIN effects.inboxes ON inboxes.url = given.url
        ON CONFLICT (position, inbox_id) DO NOTHING
 RETURNING account_id, inbox_id
)
INSERT INTO effects.reached (account_id, inbox_id) SELECT DISTINCT account_id, inbox_id FROM queued
    ON CONFLICT DO NOTHING;

-- record --
-- Remember which inboxes know of which statuses.
INSERT INTO effects.sent (status_id, inbox_ids)
SELECT given.status_id, coalesce(array_agg(DISTINCT inboxes.id) FILTER (WHERE inboxes.id IS NOT NULL), '{}')
  FROM unnest(%(status_ids)s::bigint[], %(urls)s::text[]) AS given (status_id, url)
  LEFT JOIN effects.inboxes ON inboxes.url = given.url
 GROUP BY given.status_id
    ON CONFLICT (status_id) DO UPDATE
   SET inbox_ids = sent.inbox_ids || ARRAY(
           SELECT unnest(excluded.inbox_ids) EXCEPT SELECT unnest(sent.inbox_ids)
       );

-- forget --
-- Nobody needs to be told any more of what is gone.
DELETE FROM effects.sent WHERE status_id = ANY(%(status_ids)s);

-- heard --
-- A host that speaks to us is alive: if its lane pauses after failures, try soon.
UPDATE effects.hosts SET wake_at = %(until)s
 WHERE name = ANY(%(hosts)s) AND failures > 0 AND wake_at > %(until)s;

-- waiting --
-- Hosts for which something waits.
SELECT DISTINCT host FROM effects.deliveries WHERE outcome IS NULL;

-- close --
-- What waited for hosts to which nothing is to go.
UPDATE effects.deliveries SET outcome = 'refused', finished_at = %(now)s
 WHERE host = ANY(%(hosts)s::text[]) AND position < %(position)s AND outcome IS NULL;

-- tell --
-- Let those who send know, once this is on disk.
SELECT pg_notify(%(channel)s, '');
