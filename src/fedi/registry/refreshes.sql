-- begin --
-- Begin to complete a thread, unless that was begun a short time ago.
INSERT INTO effects.refreshes AS refresh (status_id, started_at)
VALUES (%(thread_id)s, %(now)s)
ON CONFLICT (status_id)
DO UPDATE SET token = gen_random_uuid(), result_count = 0, started_at = excluded.started_at, finished_at = NULL
        WHERE refresh.started_at < %(before)s
RETURNING token, result_count, true AS running

-- lately --
-- The completion of a thread that goes on, or is a short time ago.
SELECT token, result_count, finished_at IS NULL AND started_at > %(since)s AS running
  FROM effects.refreshes
 WHERE status_id = %(thread_id)s AND started_at >= %(again)s

-- by_token --
-- A completion by what clients know it by.
SELECT token, result_count, finished_at IS NULL AND started_at > %(since)s AS running
  FROM effects.refreshes WHERE token = %(token)s

-- found --
-- How many posts were found so far.
UPDATE effects.refreshes SET result_count = %(number)s WHERE status_id = %(thread_id)s

-- finish --
-- A thread is as complete as it gets.
UPDATE effects.refreshes SET finished_at = %(now)s WHERE status_id = %(thread_id)s

-- forget --
-- What is long over.
DELETE FROM effects.refreshes WHERE started_at < %(before)s
