-- create --
-- What some people say to each other alone, for each of them who lives here, and the posts that it is made of.
CREATE TABLE conversations (
    id bigint PRIMARY KEY,
    account_id bigint NOT NULL,
    thread_id bigint NOT NULL,
    participants bigint[] NOT NULL,
    last_status_id bigint NOT NULL,
    unread boolean NOT NULL,
    UNIQUE (account_id, thread_id, participants)
);
CREATE INDEX conversations_account ON conversations (account_id, last_status_id DESC);
CREATE TABLE conversation_statuses (
    conversation_id bigint NOT NULL,
    status_id bigint NOT NULL,
    author_id bigint NOT NULL,
    PRIMARY KEY (conversation_id, status_id)
);
CREATE INDEX conversation_statuses_status ON conversation_statuses (status_id);
CREATE INDEX conversation_statuses_author ON conversation_statuses (author_id);

-- say --
-- Conversations in which something was said, of people who live here: new ones, and how others stand now.
INSERT INTO conversations (id, account_id, thread_id, participants, last_status_id, unread)
SELECT given.conversation_id, given.account_id, given.thread_id, given.participants, given.status_id, given.unread
  FROM json_to_recordset(%(rows)s::json) AS given (conversation_id bigint, account_id bigint, thread_id bigint,
                                                   participants bigint[], status_id bigint, unread boolean)
  JOIN accounts AS owner ON owner.id = given.account_id AND owner.domain IS NULL
    ON CONFLICT (account_id, thread_id, participants) DO UPDATE SET unread = excluded.unread
RETURNING id, account_id, thread_id, participants;

-- add_statuses --
-- What was said in conversations.
INSERT INTO conversation_statuses (conversation_id, status_id, author_id)
SELECT conversation_id, status_id, author_id
  FROM json_populate_recordset(NULL::conversation_statuses, %(rows)s::json);

-- place --
-- A conversation stands where its newest post stands.
UPDATE conversations
   SET last_status_id = (SELECT max(status_id) FROM conversation_statuses WHERE conversation_id = conversations.id)
 WHERE id = ANY(%(ids)s::bigint[]);

-- mark --
-- Conversations that their owners have read, or not.
UPDATE conversations SET unread = given.unread
  FROM json_to_recordset(%(rows)s::json) AS given (id bigint, account_id bigint, unread boolean)
 WHERE conversations.id = given.id AND conversations.account_id = given.account_id
RETURNING conversations.id, conversations.account_id;

-- last_said_by --
-- Somebody's conversations in which a given account was the last to speak.
SELECT conversations.id, conversations.account_id
  FROM unnest(%(owners)s::bigint[], %(authors)s::bigint[]) AS given (owner_id, author_id)
  JOIN conversations ON conversations.account_id = given.owner_id
  JOIN conversation_statuses last
    ON last.conversation_id = conversations.id AND last.status_id = conversations.last_status_id
   AND last.author_id = given.author_id;

-- take_away --
-- Posts of conversations that were put away, that are gone, and by people who are gone; tells which lost some. Each is
-- looked up by itself: one condition for all of them would read the whole table.
WITH gone AS (
    SELECT conversation_id, status_id FROM conversation_statuses WHERE status_id = ANY(%(statuses)s::bigint[])
     UNION
    SELECT conversation_id, status_id FROM conversation_statuses WHERE author_id = ANY(%(accounts)s::bigint[])
     UNION
    SELECT said.conversation_id, said.status_id
      FROM unnest(%(conversations)s::bigint[], %(owners)s::bigint[]) AS away (id, owner_id)
      JOIN conversations AS mine ON mine.id = away.id AND mine.account_id = away.owner_id
      JOIN conversation_statuses AS said ON said.conversation_id = mine.id
     UNION
    SELECT said.conversation_id, said.status_id
      FROM conversations AS mine
      JOIN conversation_statuses AS said ON said.conversation_id = mine.id
     WHERE mine.account_id = ANY(%(accounts)s::bigint[])
)
DELETE FROM conversation_statuses AS said USING gone
 WHERE said.conversation_id = gone.conversation_id AND said.status_id = gone.status_id
RETURNING said.conversation_id;

-- end_empty --
-- Conversations in which nothing is left.
DELETE FROM conversations
 WHERE id = ANY(%(ids)s::bigint[])
   AND NOT EXISTS (SELECT FROM conversation_statuses WHERE conversation_id = conversations.id);
