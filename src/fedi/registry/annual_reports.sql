-- keep --
-- Keep a report; it was made once and for all.
INSERT INTO registry.annual_reports (account_id, year, data) VALUES (%(account_id)s, %(year)s, %(data)s::jsonb)
    ON CONFLICT (account_id, year) DO NOTHING

-- load --
-- The reports of somebody: those that were not read, or that of a year.
SELECT year, data::text AS data FROM registry.annual_reports
 WHERE account_id = %(account_id)s AND (year = %(year)s::integer OR %(year)s::integer IS NULL AND read_at IS NULL)
 ORDER BY year DESC

-- read --
-- A report was read.
UPDATE registry.annual_reports SET read_at = coalesce(read_at, now())
 WHERE account_id = %(account_id)s AND year = %(year)s

-- is_waiting --
-- Whether a report is being made.
SELECT 1 FROM public.procrastinate_jobs
 WHERE task_name = 'reports.annual' AND status IN ('todo', 'doing')
   AND (args -> 'job' ->> 'account_id')::bigint = %(account_id)s AND (args -> 'job' ->> 'year')::integer = %(year)s
