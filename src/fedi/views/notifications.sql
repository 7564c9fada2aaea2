-- columns --
-- What a notification shows.
n.id, n.type, n.from_account_id, n.status_id, n.created_at, {key} AS group_key, n.filtered,
{severance} AS severance, {report} AS report, n.year, {collection} AS collection, {warning} AS warning

-- severance --
-- What was severed; its number is that of the notification, without the eight bits of place.
CASE WHEN n.type = 'severed_relationships' THEN (SELECT to_jsonb(e) FROM read.severances e WHERE e.id = n.id >> 8) END

-- warning --
-- Of what the operator warned; it is found as what was severed is.
CASE WHEN n.type = 'moderation_warning' THEN (SELECT to_jsonb(w) FROM read.warnings w WHERE w.entry = n.id >> 8) END

-- report --
-- What was reported.
CASE WHEN n.type = 'admin.report' THEN (SELECT to_jsonb(r) FROM read.reports r WHERE r.id = n.report_id) END

-- collection --
-- The collection that the receiver was put into, with those who stand in it and are not blocked either way.
CASE WHEN n.collection_id IS NOT NULL THEN (
    SELECT jsonb_build_object(
               'row', jsonb_build_object(
                   'id', c.id, 'account_id', c.account_id, 'username', a.username, 'owner_uri', a.uri, 'uri', c.uri, 'name', c.name,
                   'description', c.description, 'language', c.language, 'sensitive', c.sensitive,
                   'discoverable', c.discoverable, 'tag', c.tag, 'created_at', c.created_at, 'updated_at', c.updated_at),
               'items', coalesce((
                   SELECT jsonb_agg(jsonb_build_object(
                              'id', i.id, 'collection_id', i.collection_id, 'account_id', i.account_id, 'state', i.state,
                              'created_at', i.created_at, 'uri', m.uri, 'kind', m.kind, 'domain', m.domain,
                              'stamp', i.stamp) ORDER BY i.id)
                     FROM read.collection_items i
                     JOIN read.accounts m ON m.id = i.account_id AND NOT m.suspended
                    WHERE i.collection_id = c.id AND i.state = 'accepted' AND {unblocked}), '[]'))
      FROM read.collections c
      JOIN read.accounts a ON a.id = c.account_id
     WHERE c.id = n.collection_id) END

-- key --
-- The group a notification belongs to; one whose kind the reader does not want grouped is a group of its own.
CASE WHEN n.type = ANY(%(grouped)s::text[]) THEN n.group_key ELSE 'ungrouped-' || n.id END

-- shown --
-- The account's notifications, without those from people it blocks or mutes, about posts it may not see, or of what
-- happened in a thread since it was muted (a mute's id is made like a notification's, without the eight bits of place).
n.account_id = {viewer}
AND NOT EXISTS (SELECT FROM read.mutes
                 WHERE account_id = {viewer} AND target_id = n.from_account_id AND notifications
                   AND (expires_at IS NULL OR expires_at > now()))
AND NOT EXISTS (SELECT FROM read.blocks WHERE account_id = {viewer} AND target_id = n.from_account_id)
AND NOT EXISTS (SELECT FROM read.blocks WHERE account_id = n.from_account_id AND target_id = {viewer})
AND NOT EXISTS (SELECT FROM read.accounts a WHERE a.id = n.from_account_id AND a.suspended)
AND (NOT EXISTS (SELECT FROM read.domain_blocks WHERE account_id = {viewer})
     OR NOT EXISTS (SELECT FROM read.domain_blocks d JOIN read.accounts a ON a.domain = d.domain
                     WHERE d.account_id = {viewer} AND a.id = n.from_account_id OFFSET 0))
AND (n.type <> 'moderation_warning' OR EXISTS (SELECT FROM read.warnings w WHERE w.entry = n.id >> 8))
AND (n.type <> 'admin.report' OR EXISTS (SELECT FROM read.reports r WHERE r.id = n.report_id))
AND (n.collection_id IS NULL OR EXISTS (SELECT FROM read.collections c WHERE c.id = n.collection_id))
AND (n.status_id IS NULL OR EXISTS (SELECT FROM read.statuses s WHERE s.id = n.status_id AND {visible}))
AND (NOT EXISTS (SELECT FROM read.thread_mutes WHERE account_id = {viewer})
     OR NOT EXISTS (SELECT FROM read.thread_mutes m
                     WHERE m.account_id = {viewer} AND m.id << 8 < n.id AND m.thread_id = coalesce(
                           (SELECT t.thread_id FROM read.threads t WHERE t.status_id = n.status_id), n.status_id)))

-- let_through --
-- Not what the reader's policy keeps apart.
NOT n.filtered

-- types --
-- Of some kinds only.
n.type = ANY(%(types)s::text[])

-- exclude_types --
-- Not of some kinds.
n.type <> ALL(%(exclude_types)s::text[])

-- from_account_id --
-- From one account only.
n.from_account_id = %(from_account_id)s

-- list --
-- A page of notifications.
SELECT {columns}
  FROM read.notifications n
 WHERE {shown} AND {narrowed}
   {window}

-- one --
-- One notification.
SELECT {columns} FROM read.notifications n WHERE n.id = %(id)s AND {shown}

-- several --
-- Some notifications, each as far as it is shown to whom it is for.
SELECT {columns}, n.account_id FROM read.notifications n WHERE n.id = ANY(%(ids)s::bigint[]) AND {shown} AND {narrowed}

-- group --
-- The notifications of one group.
SELECT {columns} FROM read.notifications n
 WHERE {shown} AND {narrowed}
 ORDER BY n.id DESC LIMIT %(limit)s

-- groups --
-- A page of groups, each where its newest notification stands; `window` bounds how far they are looked for.
SELECT found.group_key, found.type, found.status_id, count(*) AS count, max(found.id) AS newest_id,
       min(found.id) AS oldest_id, max(found.created_at) AS newest_at,
       (array_agg(found.from_account_id ORDER BY found.id DESC))[1:8] AS account_ids,
       (array_agg(found.severance ORDER BY found.id DESC))[1] AS severance,
       (array_agg(found.report ORDER BY found.id DESC))[1] AS report,
       (array_agg(found.collection ORDER BY found.id DESC))[1] AS collection, max(found.year) AS year,
       (array_agg(found.warning ORDER BY found.id DESC))[1] AS warning
  FROM (SELECT {columns} FROM read.notifications n WHERE {shown} AND {narrowed} {window}) AS found
 GROUP BY found.group_key, found.type, found.status_id
 ORDER BY newest_id {order}
 LIMIT %(size)s

-- unread --
-- How many notifications are newer than the reader's marker, counted up to a limit.
SELECT count(*) FROM (
    SELECT FROM read.notifications n
     WHERE {shown} AND {narrowed}
       AND n.id > coalesce((SELECT last_read_id FROM registry.markers
                             WHERE account_id = %(viewer)s AND timeline = 'notifications'), 0)
     LIMIT %(limit)s) AS unread

-- unread_groups --
-- How many groups have notifications that are newer than the reader's marker.
SELECT count(*) FROM (
    SELECT DISTINCT {key} FROM read.notifications n
     WHERE {shown} AND {narrowed}
       AND n.id > coalesce((SELECT last_read_id FROM registry.markers
                             WHERE account_id = %(viewer)s AND timeline = 'notifications'), 0)
     LIMIT %(limit)s) AS unread

-- in_group --
-- Of one group only.
n.group_key = %(group_key)s

-- alone --
-- The one that is a group of its own.
n.id = %(alone)s
