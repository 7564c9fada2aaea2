-- create --
-- Hashtags that people follow.
CREATE TABLE followed_tags (
    id bigint NOT NULL UNIQUE,
    account_id bigint NOT NULL,
    name text NOT NULL,
    PRIMARY KEY (account_id, name)
);
CREATE INDEX followed_tags_name ON followed_tags (name, account_id);
