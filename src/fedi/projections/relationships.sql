-- create --
-- Who follows, asks to follow, blocks and mutes whom. Ended follows keep the positions between which they stood.
CREATE TABLE follows (
    id bigint NOT NULL UNIQUE,
    account_id bigint NOT NULL,
    target_id bigint NOT NULL,
    accepted boolean NOT NULL,
    since bigint,
    uri text NOT NULL,
    boosts boolean NOT NULL,
    notify boolean NOT NULL,
    languages text[] NOT NULL,
    PRIMARY KEY (account_id, target_id)
);
CREATE INDEX follows_target ON follows (target_id, id DESC) INCLUDE (account_id, accepted);
CREATE INDEX follows_account ON follows (account_id, id DESC) INCLUDE (target_id, accepted);
CREATE TABLE past_follows (
    account_id bigint NOT NULL,
    target_id bigint NOT NULL,
    since bigint NOT NULL,
    until bigint NOT NULL,
    PRIMARY KEY (target_id, account_id, since)
);
CREATE TABLE follow_counts (
    account_id bigint PRIMARY KEY,
    followers bigint NOT NULL DEFAULT 0,
    following bigint NOT NULL DEFAULT 0
);
CREATE TABLE blocks (
    id bigint NOT NULL UNIQUE,
    account_id bigint NOT NULL,
    target_id bigint NOT NULL,
    PRIMARY KEY (account_id, target_id)
);
CREATE INDEX blocks_target ON blocks (target_id, account_id);
CREATE TABLE mutes (
    id bigint NOT NULL UNIQUE,
    account_id bigint NOT NULL,
    target_id bigint NOT NULL,
    notifications boolean NOT NULL,
    expires_at timestamptz,
    PRIMARY KEY (account_id, target_id)
);
