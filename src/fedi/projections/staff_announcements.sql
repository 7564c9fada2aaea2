-- create --
-- What the staff announces, and how people react.
CREATE TABLE staff_announcements (
    id bigint PRIMARY KEY,
    content text NOT NULL,
    starts_at timestamptz,
    ends_at timestamptz,
    all_day boolean NOT NULL,
    mention_ids bigint[] NOT NULL,
    tags text[] NOT NULL,
    status_ids bigint[] NOT NULL,
    published_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE TABLE announcement_reactions (
    id bigint NOT NULL,
    announcement_id bigint NOT NULL,
    name text NOT NULL,
    account_id bigint NOT NULL,
    PRIMARY KEY (announcement_id, name, account_id)
);

-- save --
-- New announcements and new forms of old ones.
INSERT INTO staff_announcements (id, content, starts_at, ends_at, all_day, mention_ids, tags, status_ids, published_at,
                                 updated_at)
SELECT id, content, starts_at, ends_at, all_day, mention_ids, tags, status_ids, published_at, updated_at
  FROM json_populate_recordset(NULL::staff_announcements, %(rows)s::json)
    ON CONFLICT (id) DO UPDATE
   SET content = excluded.content, starts_at = excluded.starts_at, ends_at = excluded.ends_at,
       all_day = excluded.all_day, mention_ids = excluded.mention_ids, tags = excluded.tags,
       status_ids = excluded.status_ids, updated_at = excluded.updated_at;

-- withdraw --
-- Announcements that were taken back, with what people made of them.
WITH gone AS (DELETE FROM announcement_reactions WHERE announcement_id = ANY(%(ids)s))
DELETE FROM staff_announcements WHERE id = ANY(%(ids)s);

-- add --
-- Reactions.
INSERT INTO announcement_reactions (id, announcement_id, name, account_id)
SELECT id, announcement_id, name, account_id FROM json_populate_recordset(NULL::announcement_reactions, %(rows)s::json)
    ON CONFLICT (announcement_id, name, account_id) DO NOTHING;

-- remove --
-- Reactions taken back.
DELETE FROM announcement_reactions USING json_populate_recordset(NULL::announcement_reactions, %(rows)s::json) AS given
 WHERE announcement_reactions.announcement_id = given.announcement_id
   AND announcement_reactions.name = given.name AND announcement_reactions.account_id = given.account_id;

-- remove_gone --
-- Reactions of accounts that are gone.
DELETE FROM announcement_reactions WHERE account_id = ANY(%(accounts)s::bigint[]);
