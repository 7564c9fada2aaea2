-- create --
-- Hashtags that people show on their profiles.
CREATE TABLE featured_tags (
    id bigint NOT NULL UNIQUE,
    account_id bigint NOT NULL,
    name text NOT NULL,
    written text NOT NULL,
    PRIMARY KEY (account_id, name)
);

-- add --
-- Newly featured tags.
INSERT INTO featured_tags (id, account_id, name, written)
SELECT id, account_id, name, written FROM json_populate_recordset(NULL::featured_tags, %(rows)s::json)
    ON CONFLICT (account_id, name) DO NOTHING;

-- remove --
-- Tags no longer featured.
DELETE FROM featured_tags USING json_populate_recordset(NULL::featured_tags, %(rows)s::json) AS given
 WHERE featured_tags.account_id = given.account_id AND featured_tags.name = given.name;

-- keep_only --
-- Tags that an account elsewhere features no longer.
DELETE FROM featured_tags WHERE account_id = %(account)s AND name <> ALL(%(names)s::text[]);

-- remove_gone --
-- Tags that were featured by an account that is gone.
DELETE FROM featured_tags WHERE account_id = %(account)s;
