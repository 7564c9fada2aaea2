-- own --
-- The server's own key.
SELECT private, public FROM registry.push_key

-- keep --
-- Keep a key unless there is one.
INSERT INTO registry.push_key (private, public) VALUES (%(private)s, %(public)s) ON CONFLICT DO NOTHING
