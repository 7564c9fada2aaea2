-- Threads that are being completed from where they were written, because somebody opened them. Idempotent: run at every
-- start. No history: rows may be lost, and then a thread is looked at again. `status_id` is what the thread begins with.

CREATE SCHEMA IF NOT EXISTS effects;

CREATE TABLE IF NOT EXISTS effects.refreshes (
    status_id    bigint PRIMARY KEY,
    token        uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
    result_count integer NOT NULL DEFAULT 0,
    started_at   timestamptz NOT NULL,
    finished_at  timestamptz
);
CREATE INDEX IF NOT EXISTS refreshes_started ON effects.refreshes (started_at);
