-- create --
-- What each URI stands for here, and what was said about URIs that nobody knows yet.
CREATE TABLE refs (
    key bytea PRIMARY KEY,
    uri text NOT NULL,
    kind text NOT NULL,
    id bigint,
    author_id bigint,
    target_id bigint,
    visibility text,
    followers text NOT NULL DEFAULT '',
    featured text NOT NULL DEFAULT '',
    local boolean NOT NULL DEFAULT false,
    position bigint NOT NULL,
    ended bigint,
    stamp timestamptz,
    stamped bigint
);
CREATE INDEX refs_id ON refs (id) WHERE id IS NOT NULL;
CREATE TABLE pending_claims (
    key bytea NOT NULL,
    position bigint NOT NULL,
    ordinal integer NOT NULL,
    at timestamptz NOT NULL,
    origin text NOT NULL,
    actor text NOT NULL,
    claim bytea NOT NULL,
    resolved bigint,
    PRIMARY KEY (key, position, ordinal)
);
