-- Whom somebody does not want to be suggested any more.
CREATE TABLE IF NOT EXISTS registry.dismissed_suggestions (
    account_id   bigint NOT NULL,
    target_id    bigint NOT NULL,
    dismissed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, target_id)
);
