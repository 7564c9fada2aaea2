-- What many talk about lately, as it was counted last. Nothing here is precious: the next count makes it anew, but for
-- how popular something was at its height, from which its score decays.
-- Idempotent: run at every start.

CREATE SCHEMA IF NOT EXISTS registry;

CREATE TABLE IF NOT EXISTS registry.trends (
    kind         text NOT NULL CHECK (kind IN ('tag', 'link', 'status')),
    key          text NOT NULL,
    score        double precision NOT NULL,
    max_score    double precision NOT NULL DEFAULT 0,
    max_score_at timestamptz,
    PRIMARY KEY (kind, key)
);
CREATE INDEX IF NOT EXISTS trends_score ON registry.trends (kind, score DESC, key);
