-- of_account --
-- The lists of one person.
SELECT id, account_id, title, replies_policy, exclusive FROM read.lists WHERE account_id = %(viewer)s ORDER BY id

-- one --
-- A list of one person.
SELECT id, account_id, title, replies_policy, exclusive
  FROM read.lists WHERE id = %(id)s AND account_id = %(viewer)s

-- containing --
-- The lists of one person that an account is in.
SELECT l.id, l.account_id, l.title, l.replies_policy, l.exclusive
  FROM read.lists l JOIN read.list_accounts m ON m.list_id = l.id
 WHERE l.account_id = %(viewer)s AND m.account_id = %(id)s
 ORDER BY l.id

-- members --
-- Who is in a list.
SELECT m.id AS place, m.account_id AS id
  FROM read.list_accounts m
  JOIN read.accounts a ON a.id = m.account_id
 WHERE m.list_id = %(id)s
   {window}

-- all_members --
-- Everybody in a list, without pages.
SELECT account_id FROM read.list_accounts WHERE list_id = %(id)s ORDER BY id DESC
