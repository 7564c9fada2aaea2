-- create --
-- What a person put aside to find again.
CREATE TABLE bookmarks (
    id bigint NOT NULL UNIQUE,
    account_id bigint NOT NULL,
    status_id bigint NOT NULL,
    PRIMARY KEY (account_id, status_id)
);
CREATE INDEX bookmarks_account ON bookmarks (account_id, id DESC);
CREATE INDEX bookmarks_status ON bookmarks (status_id);

-- add --
-- New bookmarks of statuses that are still there.
INSERT INTO bookmarks (id, account_id, status_id)
SELECT id, account_id, status_id FROM json_populate_recordset(NULL::bookmarks, %(rows)s::json) AS given
 WHERE EXISTS (SELECT FROM statuses WHERE statuses.id = given.status_id)
    ON CONFLICT (account_id, status_id) DO NOTHING;

-- remove --
-- Bookmarks taken away.
DELETE FROM bookmarks USING json_populate_recordset(NULL::bookmarks, %(rows)s::json) AS given
 WHERE bookmarks.account_id = given.account_id AND bookmarks.status_id = given.status_id;

-- remove_gone --
-- Bookmarks of statuses, and by accounts, that are gone.
DELETE FROM bookmarks
 WHERE status_id = ANY(%(statuses)s) OR account_id = ANY(%(accounts)s)
    OR (cardinality(%(accounts)s::bigint[]) > 0
        AND NOT EXISTS (SELECT FROM statuses WHERE statuses.id = bookmarks.status_id));
