-- The registry: what is precious but no history, and must never stand in a log. Idempotent: run at every start.
--
-- Secrets that arrive from outside (tokens, codes, cookies, client secrets) are kept as SHA-256 digests: they are random
-- and long, so a digest is enough. Passwords are argon2id. Private keys are the one secret kept as it is, because the
-- server must sign with them; who can read this schema can speak for everyone here.

CREATE SCHEMA IF NOT EXISTS registry;

-- A local login. `account_id` is the account it speaks for; the row is written before the event that makes it count.
CREATE TABLE IF NOT EXISTS registry.users (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id    bigint NOT NULL UNIQUE,
    username      text NOT NULL,
    email         text NOT NULL,
    password_hash text NOT NULL,
    role          text NOT NULL DEFAULT 'user' CHECK (role IN ('admin', 'moderator', 'user')),
    confirmed_at  timestamptz,
    approved      boolean NOT NULL DEFAULT true,
    disabled      boolean NOT NULL DEFAULT false,
    locale        text,
    preferences   jsonb NOT NULL DEFAULT '{}',
    created_at    timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX IF NOT EXISTS users_username ON registry.users (lower(username));
CREATE UNIQUE INDEX IF NOT EXISTS users_email ON registry.users (lower(email));
CREATE INDEX IF NOT EXISTS users_staff ON registry.users (id) WHERE role <> 'user';

-- Signing keys of local actors. `account_id` -99 is the instance actor.
CREATE TABLE IF NOT EXISTS registry.keys (
    account_id  bigint NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('rsa', 'ed25519')),
    private_pem text NOT NULL,
    public_pem  text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, kind)
);

-- OAuth clients (RFC 6749 §2).
CREATE TABLE IF NOT EXISTS registry.apps (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    client_id     text NOT NULL UNIQUE,
    secret_hash   bytea NOT NULL,
    name          text NOT NULL,
    website       text,
    redirect_uris text[] NOT NULL,
    scopes        text[] NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now()
);

-- Access tokens. `app_id` is null for a token made on the command line, `user_id` for one that stands for an app alone.
-- `seed` and the server's secret together give the token again, so that an app that asks twice gets the same one.
CREATE TABLE IF NOT EXISTS registry.tokens (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hash         bytea NOT NULL UNIQUE,
    seed         bytea NOT NULL,
    app_id       bigint REFERENCES registry.apps ON DELETE CASCADE,
    user_id      bigint REFERENCES registry.users ON DELETE CASCADE,
    scopes       text[] NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz,
    revoked_at   timestamptz
);
CREATE INDEX IF NOT EXISTS tokens_user ON registry.tokens (user_id) WHERE revoked_at IS NULL;
CREATE INDEX IF NOT EXISTS tokens_app ON registry.tokens (app_id, user_id) WHERE revoked_at IS NULL;

-- Authorization codes (RFC 6749 §4.1). `token_id` is what the code was exchanged for: a second use revokes it.
CREATE TABLE IF NOT EXISTS registry.codes (
    hash         bytea PRIMARY KEY,
    app_id       bigint NOT NULL REFERENCES registry.apps ON DELETE CASCADE,
    user_id      bigint NOT NULL REFERENCES registry.users ON DELETE CASCADE,
    redirect_uri text NOT NULL,
    scopes       text[] NOT NULL,
    challenge    text,
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL,
    used_at      timestamptz,
    token_id     bigint REFERENCES registry.tokens ON DELETE SET NULL
);
CREATE INDEX IF NOT EXISTS codes_expiry ON registry.codes (expires_at);

-- Browser sessions, behind the cookie.
CREATE TABLE IF NOT EXISTS registry.sessions (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hash         bytea NOT NULL UNIQUE,
    user_id      bigint NOT NULL REFERENCES registry.users ON DELETE CASCADE,
    ip           inet,
    user_agent   text NOT NULL DEFAULT '',
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS sessions_user ON registry.sessions (user_id);
CREATE INDEX IF NOT EXISTS sessions_expiry ON registry.sessions (expires_at);

-- Links sent by mail: to confirm an address, to set a new password.
CREATE TABLE IF NOT EXISTS registry.confirmations (
    hash       bytea PRIMARY KEY,
    user_id    bigint NOT NULL REFERENCES registry.users ON DELETE CASCADE,
    purpose    text NOT NULL CHECK (purpose IN ('confirm_email', 'reset_password')),
    email      text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS confirmations_user ON registry.confirmations (user_id);

-- Files: uploaded ones, which belong to `account_id`, and copies of remote ones, which are found by `remote_url`.
-- `status_id` is the post an upload was published with; until then the upload may be deleted.
CREATE TABLE IF NOT EXISTS registry.media (
    id          bigint PRIMARY KEY,
    account_id  bigint,
    purpose     text NOT NULL CHECK (purpose IN ('attachment', 'avatar', 'header', 'remote')),
    kind        text NOT NULL CHECK (kind IN ('image', 'gifv', 'video', 'audio', 'unknown')),
    state       text NOT NULL CHECK (state IN ('processing', 'ready', 'failed')),
    mime        text NOT NULL,
    size        bigint NOT NULL CHECK (size >= 0),
    storage_key text,
    preview_key text,
    meta        jsonb NOT NULL DEFAULT '{}',
    description text,
    focus_x     real NOT NULL DEFAULT 0 CHECK (focus_x BETWEEN -1 AND 1),
    focus_y     real NOT NULL DEFAULT 0 CHECK (focus_y BETWEEN -1 AND 1),
    blurhash    text,
    status_id   bigint,
    remote_url  text,
    created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX IF NOT EXISTS media_remote_url ON registry.media (md5(remote_url)) WHERE remote_url IS NOT NULL;
CREATE INDEX IF NOT EXISTS media_account ON registry.media (account_id) WHERE account_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS media_status ON registry.media (status_id) WHERE status_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS media_unattached ON registry.media (created_at) WHERE purpose = 'attachment' AND status_id IS NULL;

-- How far somebody has read a timeline; `version` lets two devices notice each other.
CREATE TABLE IF NOT EXISTS registry.markers (
    account_id   bigint NOT NULL,
    timeline     text NOT NULL CHECK (timeline IN ('home', 'notifications')),
    last_read_id bigint NOT NULL,
    version      integer NOT NULL DEFAULT 0,
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, timeline)
);
