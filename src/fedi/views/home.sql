-- home --
-- What stands in an account's home timeline: its own posts, those of whom it follows, and public ones with its hashtags.
SELECT s.id
  FROM read.statuses s
 WHERE (s.account_id = %(viewer)s
        OR EXISTS (SELECT FROM read.follows f
                    WHERE f.account_id = %(viewer)s AND f.target_id = s.account_id AND f.accepted
                      AND (s.boost_of_id IS NULL OR f.boosts)
                      AND (f.languages = '{{}}' OR s.language = '' OR s.language = ANY (f.languages)))
        OR s.visibility = 'public' AND s.boost_of_id IS NULL
           AND EXISTS (SELECT FROM read.status_tags t JOIN read.followed_tags f ON f.name = t.name
                        WHERE t.status_id = s.id AND f.account_id = %(viewer)s))
   AND {visible} AND {welcome}
   AND (s.in_reply_to_uri = '' AND s.in_reply_to_id IS NULL
        OR s.account_id = %(viewer)s
        OR s.in_reply_to_account_id IN (s.account_id, %(viewer)s)
        OR EXISTS (SELECT FROM read.follows f
                    WHERE f.account_id = %(viewer)s AND f.target_id = s.in_reply_to_account_id AND f.accepted))
   AND NOT EXISTS (SELECT FROM read.lists l JOIN read.list_accounts m ON m.list_id = l.id
                    WHERE l.account_id = %(viewer)s AND l.exclusive AND m.account_id = s.account_id)
   {window}
