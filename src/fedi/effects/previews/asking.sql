-- full --
-- Hosts that were asked as often as they may be within the last minute.
SELECT host FROM effects.asked_hosts
 WHERE asked_at > %(now)s::timestamptz - interval '1 minute'
 GROUP BY host HAVING count(*) >= %(most)s;

-- asked --
-- Note which hosts were asked, each as often as it is named.
INSERT INTO effects.asked_hosts (host, asked_at) SELECT unnest(%(hosts)s::text[]), %(now)s;

-- forget --
-- Forget which hosts were asked.
DELETE FROM effects.asked_hosts WHERE asked_at < %(before)s;
