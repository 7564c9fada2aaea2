-- create --
-- To which thread answers belong, by the status it began with, and who does not want to hear of a thread.
CREATE TABLE threads (
    status_id bigint PRIMARY KEY,
    thread_id bigint NOT NULL
);
CREATE INDEX threads_thread ON threads (thread_id);
CREATE TABLE thread_mutes (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    thread_id bigint NOT NULL,
    PRIMARY KEY (account_id, thread_id)
);
CREATE INDEX thread_mutes_thread ON thread_mutes (thread_id);

-- load --
-- The threads of some statuses; those that began one have no row.
SELECT status_id, thread_id FROM threads WHERE status_id = ANY(%(ids)s::bigint[]);

-- add --
-- New answers.
INSERT INTO threads SELECT * FROM json_populate_recordset(NULL::threads, %(rows)s::json) ON CONFLICT DO NOTHING;

-- merge --
-- Threads of which it became known that they are part of others.
UPDATE threads SET thread_id = given.new
  FROM json_to_recordset(%(rows)s::json) AS given (old bigint, new bigint)
 WHERE threads.thread_id = given.old;

-- merge_roots --
-- What such threads began with is an answer now.
INSERT INTO threads (status_id, thread_id)
SELECT old, new FROM json_to_recordset(%(rows)s::json) AS given (old bigint, new bigint)
    ON CONFLICT (status_id) DO NOTHING;

-- merge_mutes --
-- Whoever muted a part mutes the whole, since the first of these acts.
INSERT INTO thread_mutes (id, account_id, thread_id)
SELECT min(mute.id), mute.account_id, given.new
  FROM thread_mutes AS mute
  JOIN json_to_recordset(%(rows)s::json) AS given (old bigint, new bigint) ON given.old = mute.thread_id
 GROUP BY mute.account_id, given.new
    ON CONFLICT (account_id, thread_id) DO UPDATE SET id = least(thread_mutes.id, excluded.id);

-- forget_merged --
-- The mutes that are now of the whole.
DELETE FROM thread_mutes USING json_to_recordset(%(rows)s::json) AS given (old bigint, new bigint)
 WHERE thread_mutes.thread_id = given.old;

-- mute --
-- Threads that people muted.
INSERT INTO thread_mutes SELECT * FROM json_populate_recordset(NULL::thread_mutes, %(rows)s::json)
    ON CONFLICT (account_id, thread_id) DO NOTHING;

-- unmute --
-- Threads that they want to hear of again.
DELETE FROM thread_mutes USING json_populate_recordset(NULL::thread_mutes, %(rows)s::json) AS given
 WHERE thread_mutes.account_id = given.account_id AND thread_mutes.thread_id = given.thread_id;

-- forget_accounts --
-- The mutes of people who are gone.
DELETE FROM thread_mutes WHERE account_id = ANY(%(accounts)s::bigint[]);
