-- create --
-- What a person put aside to find again.
CREATE TABLE bookmarks (
    id bigint NOT NULL UNIQUE,
    account_id bigint NOT NULL,
    status_id bigint NOT NULL,
    PRIMARY KEY (account_id, status_id)
);
CREATE INDEX bookmarks_account ON bookmarks (account_id, id DESC);
