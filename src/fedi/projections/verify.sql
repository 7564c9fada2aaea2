-- fingerprint --
-- A table in one number, whatever order its rows are in; and how many rows there are.
SELECT count(*), coalesce(sum(hashtextextended(each::text, 0)::numeric), 0)::text FROM {table} AS each;

-- difference --
-- The first row that only one of two tables has, as texts in order.
SELECT side, line FROM (
    (SELECT 'live' AS side, each::text AS line FROM {live} AS each
     EXCEPT ALL SELECT 'live', each::text FROM {fresh} AS each)
    UNION ALL
    (SELECT 'fresh', each::text FROM {fresh} AS each
     EXCEPT ALL SELECT 'fresh', each::text FROM {live} AS each)
) AS differing ORDER BY line, side LIMIT 1;
