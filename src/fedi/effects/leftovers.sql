-- faults_of_views --
-- What went wrong when events were folded that are erased now: errors tend to quote what they are about.
UPDATE read.parked SET error = 'erased since' WHERE position = ANY(%(positions)s::bigint[])

-- faults_of_effects --
-- The same of effects.
UPDATE effects.parked SET error = 'erased since' WHERE position = ANY(%(positions)s::bigint[])

-- refreshes --
-- Threads that were being completed.
DELETE FROM effects.refreshes WHERE status_id = ANY(%(ids)s::bigint[])

-- popular_posts --
-- Posts that were popular.
DELETE FROM registry.trends WHERE kind = 'status' AND key = ANY(SELECT id::text FROM unnest(%(ids)s::bigint[]) AS id)

-- popular_tags --
-- Hashtags that were popular, and that no post has any more.
DELETE FROM registry.trends
 WHERE kind = 'tag' AND NOT EXISTS (SELECT FROM read.status_tags WHERE status_tags.name = trends.key)

-- popular_links --
-- Pages that were popular, and that no post shares any more.
DELETE FROM registry.trends
 WHERE kind = 'link' AND NOT EXISTS (SELECT FROM read.status_links WHERE status_links.url = trends.key)

-- users --
-- Logins, and by reference all that they opened.
DELETE FROM registry.users WHERE account_id = ANY(%(ids)s::bigint[])

-- markers --
-- How far people had read.
DELETE FROM registry.markers WHERE account_id = ANY(%(ids)s::bigint[])

-- read_announcements --
-- What they had read of the staff.
DELETE FROM registry.read_announcements WHERE account_id = ANY(%(ids)s::bigint[])

-- annual_reports --
-- What their years were like.
DELETE FROM registry.annual_reports WHERE account_id = ANY(%(ids)s::bigint[])

-- dismissed_suggestions --
-- Whom they, and who them, did not want to be suggested.
DELETE FROM registry.dismissed_suggestions
 WHERE account_id = ANY(%(ids)s::bigint[]) OR target_id = ANY(%(ids)s::bigint[])

-- letters --
-- Mail and pushes to logins that are there no longer; jobs that failed are kept for people to look at.
DELETE FROM procrastinate_jobs
 WHERE task_name IN ('mail.send', 'mail.notice') AND status <> 'doing'
   AND NOT EXISTS (SELECT FROM registry.users WHERE users.id = (args -> 'job' ->> 'user_id')::bigint)

-- resets --
-- Mail to addresses that nobody has.
DELETE FROM procrastinate_jobs
 WHERE task_name = 'mail.reset_password' AND status <> 'doing'
   AND NOT EXISTS (SELECT FROM registry.users WHERE lower(email) = lower(args -> 'job' ->> 'email'))

-- jobs --
-- What was to be done for accounts.
DELETE FROM procrastinate_jobs
 WHERE status <> 'doing' AND (args -> 'job' ->> 'account_id')::bigint = ANY(%(ids)s::bigint[])

-- reached --
-- Whom they ever sent anything to: their end was told there, as every effect has come past it.
DELETE FROM effects.reached WHERE account_id = ANY(%(ids)s::bigint[])

-- keys --
-- Keys of accounts that are gone. One that the effect of erasure has yet to come to has no row of its own here either.
DELETE FROM registry.keys
 USING read.refs
 WHERE refs.id = keys.account_id AND refs.kind = 'account' AND refs.ended IS NOT NULL
   AND refs.ended <= (SELECT position FROM effects.cursors WHERE name = 'erase')
   AND NOT EXISTS (SELECT FROM effects.erasures
                    WHERE erasures.key = refs.key AND (done_at IS NULL OR done_at >= %(before)s))
   AND NOT EXISTS (SELECT FROM effects.deliveries
                    WHERE deliveries.account_id = keys.account_id AND deliveries.outcome IS NULL)
