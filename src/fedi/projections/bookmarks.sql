-- create --
-- What a person put aside to find again, and whose it is.
CREATE TABLE bookmarks (
    id bigint NOT NULL UNIQUE,
    account_id bigint NOT NULL,
    status_id bigint NOT NULL,
    author_id bigint NOT NULL,
    PRIMARY KEY (account_id, status_id)
);
CREATE INDEX bookmarks_status ON bookmarks (status_id);
CREATE INDEX bookmarks_author ON bookmarks (author_id);

-- indexes --
-- Only readers look by this: when a generation is folded aside, it is made at its end.
CREATE INDEX bookmarks_account ON bookmarks (account_id, id DESC);

-- add --
-- New bookmarks of statuses that are still there.
INSERT INTO bookmarks (id, account_id, status_id, author_id)
SELECT given.id, given.account_id, given.status_id, kept.account_id
  FROM json_populate_recordset(NULL::bookmarks, %(rows)s::json) AS given
  JOIN statuses AS kept ON kept.id = given.status_id
    ON CONFLICT (account_id, status_id) DO NOTHING;

-- remove --
-- Bookmarks taken away.
DELETE FROM bookmarks USING json_populate_recordset(NULL::bookmarks, %(rows)s::json) AS given
 WHERE bookmarks.account_id = given.account_id AND bookmarks.status_id = given.status_id;

-- remove_gone --
-- Bookmarks of statuses, and by accounts or of accounts, that are gone.
DELETE FROM bookmarks
 WHERE status_id = ANY(%(statuses)s) OR account_id = ANY(%(accounts)s) OR author_id = ANY(%(accounts)s);
