-- backend --
-- What tells this session from all others, also from a later one with the same process id.
SELECT pid, backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid();

-- take_slot --
-- Takes an id slot until the session ends; the first number is the word "fedi".
SELECT pg_try_advisory_lock(1717920873, %(slot)s);

-- end_backend --
-- Ends a session of ours and waits until it is gone; no row if it is gone already.
SELECT pg_terminate_backend(pid, %(milliseconds)s)
FROM pg_stat_activity
WHERE pid = %(pid)s AND backend_start = %(started)s;

-- limit_lock --
-- How long an append waits for its turn before it gives up.
SELECT set_config('lock_timeout', %(limit)s, false);

-- plan_once --
-- What is prepared is planned for every number of units, and not as if tables stayed as small as they are today.
SELECT set_config('plan_cache_mode', 'force_generic_plan', false), set_config('enable_seqscan', 'off', false);
