-- favourited_by --
-- Who favourited a status.
SELECT v.id AS place, v.account_id AS id
  FROM read.favourites v
  JOIN read.accounts a ON a.id = v.account_id AND NOT a.suspended
 WHERE v.status_id = %(id)s AND {unblocked}
   {window}

-- boosted_by --
-- Who boosted a status where everybody may know of it, as Mastodon lists them.
SELECT s.id AS place, s.account_id AS id
  FROM read.statuses s
  JOIN read.accounts a ON a.id = s.account_id
 WHERE s.boost_of_id = %(id)s AND s.visibility IN ('public', 'unlisted') AND {visible} AND {unblocked}
   {window}

-- favourites --
-- What an account favourited and may still see.
SELECT v.id AS place, v.status_id AS id
  FROM read.favourites v
  JOIN read.statuses s ON s.id = v.status_id
 WHERE v.account_id = %(viewer)s AND {visible}
   {window}

-- bookmarks --
-- What an account put aside and may still see.
SELECT v.id AS place, v.status_id AS id
  FROM read.bookmarks v
  JOIN read.statuses s ON s.id = v.status_id
 WHERE v.account_id = %(viewer)s AND {visible}
   {window}
