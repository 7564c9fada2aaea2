-- everything --
-- Relays in the order in which they were subscribed to.
SELECT inbox, follow_uri, target, state, created_at FROM read.relays ORDER BY id
