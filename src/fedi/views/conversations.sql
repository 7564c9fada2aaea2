-- of_account --
-- A page of somebody's conversations, without those whose newest post they may not or do not want to see, or whose
-- author asks to be let through.
SELECT c.id, c.account_id, c.participants, c.last_status_id, c.unread
  FROM read.conversations c
  JOIN read.statuses s ON s.id = c.last_status_id
 WHERE c.account_id = {viewer} AND {visible} AND {welcome} AND {let_through}
   {window}

-- one --
-- One of somebody's conversations.
SELECT id, account_id, participants, last_status_id, unread
  FROM read.conversations WHERE id = %(id)s AND account_id = %(viewer)s

-- owner --
-- Whose conversation it is.
c.account_id

-- for_whom --
-- Those of some conversations that their owners are shown, and want to hear of.
SELECT c.id, c.account_id, c.participants, c.last_status_id, c.unread
  FROM read.conversations c
  JOIN read.statuses s ON s.id = c.last_status_id
 WHERE c.id = ANY(%(ids)s::bigint[]) AND {visible} AND {welcome}
   AND NOT EXISTS (SELECT FROM read.thread_mutes m WHERE m.account_id = c.account_id AND m.thread_id = c.thread_id)
   AND {let_through}

-- let_through --
-- The newest post is not kept apart by the owner's policy for notifications.
NOT EXISTS (SELECT FROM read.notifications n WHERE n.status_id = s.id AND n.account_id = c.account_id AND n.filtered)

-- direct --
-- What was said in somebody's conversations.
SELECT s.id
  FROM read.statuses s
 WHERE s.id IN (SELECT said.status_id
                  FROM read.conversations c
                  JOIN read.conversation_statuses said ON said.conversation_id = c.id
                 WHERE c.account_id = {viewer})
   AND {visible} AND {welcome}
   {window}

-- is_muted --
-- Whether somebody muted the thread of a status.
SELECT 1 FROM read.thread_mutes
 WHERE account_id = %(viewer)s
   AND thread_id = coalesce((SELECT thread_id FROM read.threads WHERE status_id = %(id)s), %(id)s::bigint)
