-- of_account --
-- A page of what somebody has planned.
SELECT id, account_id, scheduled_at, status FROM read.scheduled_statuses WHERE account_id = %(account)s {window}

-- one --
-- One of somebody's planned posts.
SELECT id, account_id, scheduled_at, status FROM read.scheduled_statuses WHERE id = %(id)s AND account_id = %(account)s

-- by_id --
-- A planned post.
SELECT id, account_id, scheduled_at, status FROM read.scheduled_statuses WHERE id = %(id)s

-- count --
-- How many posts somebody has planned.
SELECT count(*) FROM read.scheduled_statuses WHERE account_id = %(account)s

-- count_day --
-- How many posts somebody has planned for a day.
SELECT count(*) FROM read.scheduled_statuses
 WHERE account_id = %(account)s
   AND scheduled_at >= date_trunc('day', %(day)s::timestamptz AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'
   AND scheduled_at < date_trunc('day', %(day)s::timestamptz AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' + interval '1 day'
