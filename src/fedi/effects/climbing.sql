-- take --
-- Keep the queue from asking for a post meanwhile, whether it wants to already or is about to.
INSERT INTO effects.fetches (uri, kind, host, depth, cause, due_at)
VALUES (%(uri)s, 'object', %(host)s, 0, 0, now() + interval '2 minutes')
    ON CONFLICT (uri, kind) DO UPDATE SET due_at = excluded.due_at WHERE fetches.finished_at IS NULL

-- finish --
-- There was an answer: the queue need not ask again.
UPDATE effects.fetches SET attempts = attempts + 1, finished_at = now()
 WHERE uri = %(uri)s AND kind = 'object' AND finished_at IS NULL
