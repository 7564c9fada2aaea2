-- remember --
-- Note a sign-in: 0 if it is the first at all or from a known place, 1 if others are known and this is not.
WITH before AS (
    SELECT count(*) AS others, bool_or(hash = %(hash)s) AS known FROM registry.devices WHERE user_id = %(user_id)s
), noted AS (
    INSERT INTO registry.devices (user_id, hash, last_seen_at) VALUES (%(user_id)s, %(hash)s, %(moment)s)
    ON CONFLICT (user_id, hash) DO UPDATE SET last_seen_at = excluded.last_seen_at
)
SELECT CASE WHEN others > 0 AND NOT known THEN 1 ELSE 0 END FROM before
