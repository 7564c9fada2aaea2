-- create --
-- Make an invite.
INSERT INTO registry.invites (code, max_uses, expires_at)
VALUES (%(code)s, %(max_uses)s, %(expires_at)s)
RETURNING *

-- usable --
-- An invite with room left and not at its end.
SELECT * FROM registry.invites
 WHERE code = %(code)s
   AND (max_uses IS NULL OR uses < max_uses)
   AND (expires_at IS NULL OR expires_at > %(moment)s)

-- every --
-- All invites.
SELECT * FROM registry.invites ORDER BY id DESC

-- use --
-- Somebody comes; two at once cannot take the last place.
UPDATE registry.invites SET uses = uses + 1 WHERE id = %(id)s AND (max_uses IS NULL OR uses < max_uses)

-- give_back --
-- Somebody did not come.
UPDATE registry.invites SET uses = uses - 1 WHERE id = %(id)s AND uses > 0
