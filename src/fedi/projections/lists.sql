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

-- save --
-- Lists as they are now.
INSERT INTO lists SELECT * FROM json_populate_recordset(NULL::lists, %(rows)s::json)
    ON CONFLICT (id) DO UPDATE
   SET title = excluded.title, replies_policy = excluded.replies_policy, exclusive = excluded.exclusive;

-- delete --
-- Lists that are gone, and their members.
WITH members AS (DELETE FROM list_accounts WHERE list_id = ANY(%(ids)s))
DELETE FROM lists WHERE id = ANY(%(ids)s);

-- add_members --
-- New members of lists that are there.
INSERT INTO list_accounts (id, list_id, account_id)
SELECT id, list_id, account_id FROM json_populate_recordset(NULL::list_accounts, %(rows)s::json) AS given
 WHERE EXISTS (SELECT FROM lists WHERE lists.id = given.list_id)
    ON CONFLICT (list_id, account_id) DO NOTHING;

-- remove_members --
-- Members taken out.
DELETE FROM list_accounts USING json_populate_recordset(NULL::list_accounts, %(rows)s::json) AS given
 WHERE list_accounts.list_id = given.list_id AND list_accounts.account_id = given.account_id;

-- remove_unfollowed --
-- Members whom the list's owner no longer follows.
DELETE FROM list_accounts
 USING lists, json_to_recordset(%(rows)s::json) AS given (account_id bigint, target_id bigint)
 WHERE lists.id = list_accounts.list_id AND lists.account_id = given.account_id
   AND list_accounts.account_id = given.target_id;

-- remove_gone --
-- Lists of accounts that are gone, and these accounts in the lists of others.
WITH gone AS (DELETE FROM lists WHERE account_id = ANY(%(accounts)s::bigint[]) RETURNING id)
DELETE FROM list_accounts
 WHERE account_id = ANY(%(accounts)s::bigint[]) OR list_id IN (SELECT id FROM gone);
