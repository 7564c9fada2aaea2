-- create --
-- What people remember of others.
CREATE TABLE notes (
    account_id bigint NOT NULL,
    target_id bigint NOT NULL,
    comment text NOT NULL,
    PRIMARY KEY (account_id, target_id)
);

-- save --
-- Notes as they stand now; an empty one is none.
WITH given AS (SELECT * FROM json_populate_recordset(NULL::notes, %(rows)s::json)),
     forgotten AS (DELETE FROM notes USING given
                    WHERE notes.account_id = given.account_id AND notes.target_id = given.target_id
                      AND given.comment = '')
INSERT INTO notes (account_id, target_id, comment)
SELECT account_id, target_id, comment FROM given WHERE comment <> ''
    ON CONFLICT (account_id, target_id) DO UPDATE SET comment = excluded.comment;

-- remove_gone --
-- Notes by and about accounts that are gone.
DELETE FROM notes WHERE account_id = ANY(%(accounts)s) OR target_id = ANY(%(accounts)s);
