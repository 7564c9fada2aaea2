-- Pages that posts share and that were asked for. A row stays for a day: so long the same page is not asked again,
-- whatever it answered. `key` is the SHA-256 of its address.
-- Idempotent: run at every start.

CREATE SCHEMA IF NOT EXISTS effects;

CREATE TABLE IF NOT EXISTS effects.pages (
    key      bytea PRIMARY KEY,
    asked_at timestamptz NOT NULL,
    host     text NOT NULL
);
ALTER TABLE effects.pages ADD COLUMN IF NOT EXISTS host text NOT NULL DEFAULT '';
CREATE INDEX IF NOT EXISTS pages_asked ON effects.pages (asked_at);
CREATE INDEX IF NOT EXISTS pages_host ON effects.pages (host, asked_at);
