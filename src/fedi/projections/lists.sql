-- create --
-- Lists and who is in them.
CREATE TABLE lists (
    id bigint PRIMARY KEY,
    account_id bigint NOT NULL,
    title text NOT NULL,
    replies_policy text NOT NULL,
    exclusive boolean NOT NULL
);
CREATE INDEX lists_account ON lists (account_id, id);
CREATE TABLE list_accounts (
    id bigint NOT NULL,
    list_id bigint NOT NULL,
    account_id bigint NOT NULL,
    PRIMARY KEY (list_id, account_id)
);
CREATE INDEX list_accounts_account ON list_accounts (account_id, list_id);
