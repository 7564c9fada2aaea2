-- create --
-- Everybody known here, local and remote, as their profiles stand now.
CREATE TABLE accounts (
    id bigint PRIMARY KEY,
    uri text NOT NULL,
    kind text NOT NULL,
    username text NOT NULL,
    domain text,
    display_name text NOT NULL,
    note text NOT NULL,
    url text NOT NULL,
    avatar_url text NOT NULL,
    avatar_description text NOT NULL,
    header_url text NOT NULL,
    header_description text NOT NULL,
    fields jsonb NOT NULL,
    emojis jsonb NOT NULL,
    locked boolean NOT NULL,
    discoverable boolean NOT NULL,
    indexable boolean NOT NULL,
    memorial boolean NOT NULL,
    suspended boolean NOT NULL,
    inbox text NOT NULL,
    shared_inbox text NOT NULL,
    outbox text NOT NULL,
    followers_uri text NOT NULL,
    following_uri text NOT NULL,
    featured_uri text NOT NULL,
    moved_to_uri text NOT NULL,
    also_known_as text[] NOT NULL,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    total_followers bigint,
    total_following bigint,
    total_statuses bigint,
    document bytea
);
CREATE INDEX accounts_handle ON accounts (lower(username), lower(domain));
CREATE INDEX accounts_names ON accounts USING gin ((username || ' ' || display_name) gin_trgm_ops);
CREATE TABLE account_keys (
    key_id text NOT NULL,
    account_id bigint NOT NULL,
    pem text NOT NULL,
    PRIMARY KEY (account_id, key_id)
);
CREATE INDEX account_keys_id ON account_keys (key_id);
