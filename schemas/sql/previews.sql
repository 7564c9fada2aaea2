-- Pages that posts share and that were asked for. A row stays for a day: so long the same page is not asked again,
-- whatever it answered. `key` is the SHA-256 of its address.
-- Idempotent: run at every start.

CREATE SCHEMA IF NOT EXISTS effects;

CREATE TABLE IF NOT EXISTS effects.pages (
    key      bytea PRIMARY KEY,
    asked_at timestamptz NOT NULL
);
ALTER TABLE effects.pages DROP COLUMN IF EXISTS host;
CREATE INDEX IF NOT EXISTS pages_asked ON effects.pages (asked_at);

-- Which hosts were asked for pages, or for what belongs to them: a row for each question, for a day.
CREATE TABLE IF NOT EXISTS effects.asked_hosts (
    host     text NOT NULL,
    asked_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS asked_hosts_asked ON effects.asked_hosts (asked_at, host);
