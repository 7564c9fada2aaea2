-- Accounts that moved, and when their followers here were taken along. Idempotent: run at every start.
-- No history: a row that is lost lets an account take people along once more.

CREATE SCHEMA IF NOT EXISTS effects;

CREATE TABLE IF NOT EXISTS effects.moves (
    account_id bigint PRIMARY KEY,
    target_uri text NOT NULL,
    at         timestamptz NOT NULL
);
