-- create --
-- Who favourited what; `id` orders them and pages through them.
CREATE TABLE favourites (
    id bigint NOT NULL UNIQUE,
    account_id bigint NOT NULL,
    status_id bigint NOT NULL,
    emoji text NOT NULL,
    PRIMARY KEY (account_id, status_id)
);
CREATE INDEX favourites_status ON favourites (status_id, id DESC);
CREATE INDEX favourites_account ON favourites (account_id, id DESC);
CREATE TABLE favourite_counts (
    status_id bigint PRIMARY KEY,
    favourites bigint NOT NULL
);
