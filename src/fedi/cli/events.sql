-- count --
-- How many events of each kind the log holds, the most frequent first.
SELECT topic, count(*) FROM log.events GROUP BY topic ORDER BY count(*) DESC, topic
