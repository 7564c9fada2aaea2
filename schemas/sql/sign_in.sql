-- What signing up and signing in need beside the login itself. Idempotent: run at every start, after registry.sql.

-- `reason` is what somebody wrote who asked to be let in; `app_id` the app they signed up with, which alone may have the
-- confirmation sent again. `otp_secret` is sealed with SECRET_KEY_BASE; it counts once `otp_enabled_at` is set, and
-- `otp_last_step` is the last time step whose code was used, so that none is good twice (RFC 6238 §5.2).
ALTER TABLE registry.users
    ADD COLUMN IF NOT EXISTS reason          text,
    ADD COLUMN IF NOT EXISTS app_id          bigint REFERENCES registry.apps ON DELETE SET NULL,
    ADD COLUMN IF NOT EXISTS invite_id       bigint,
    ADD COLUMN IF NOT EXISTS age_verified_at timestamptz,
    ADD COLUMN IF NOT EXISTS otp_secret      bytea,
    ADD COLUMN IF NOT EXISTS otp_enabled_at  timestamptz,
    ADD COLUMN IF NOT EXISTS otp_last_step   bigint;

-- For whom the app with the codes is lost: digests, each good once.
CREATE TABLE IF NOT EXISTS registry.recovery_codes (
    user_id bigint NOT NULL REFERENCES registry.users ON DELETE CASCADE,
    hash    bytea NOT NULL,
    PRIMARY KEY (user_id, hash)
);

-- From where somebody signed in before: a digest of browser and network, which says neither.
CREATE TABLE IF NOT EXISTS registry.devices (
    user_id      bigint NOT NULL REFERENCES registry.users ON DELETE CASCADE,
    hash         bytea NOT NULL,
    last_seen_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, hash)
);

-- Links that let people sign up. They are handed around, so they are no secret of the server's and kept as they are.
CREATE TABLE IF NOT EXISTS registry.invites (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code       text NOT NULL UNIQUE,
    max_uses   integer CHECK (max_uses > 0),
    uses       integer NOT NULL DEFAULT 0,
    expires_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
);
