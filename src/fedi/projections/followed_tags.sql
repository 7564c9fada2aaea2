-- create --
-- Hashtags that people follow.
CREATE TABLE followed_tags (
    id bigint NOT NULL UNIQUE,
    account_id bigint NOT NULL,
    name text NOT NULL,
    PRIMARY KEY (account_id, name)
);
CREATE INDEX followed_tags_name ON followed_tags (name, account_id);

-- add --
-- Newly followed tags.
INSERT INTO followed_tags (id, account_id, name)
SELECT id, account_id, name FROM json_populate_recordset(NULL::followed_tags, %(rows)s::json)
    ON CONFLICT (account_id, name) DO NOTHING;

-- remove --
-- Tags no longer followed.
DELETE FROM followed_tags USING json_populate_recordset(NULL::followed_tags, %(rows)s::json) AS given
 WHERE followed_tags.account_id = given.account_id AND followed_tags.name = given.name;

-- remove_gone --
-- Tags that were followed by accounts that are gone.
DELETE FROM followed_tags WHERE account_id = ANY(%(accounts)s::bigint[]);
