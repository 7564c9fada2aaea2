-- Web push: who wants to be told of what, and the key by which push services know this server. Idempotent.

-- The pair of keys (RFC 8292), made when it is first asked for unless the operator gives one. One row.
CREATE TABLE IF NOT EXISTS registry.push_key (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    private  text NOT NULL,
    public   text NOT NULL
);

-- One subscription for each token. `seed` makes the address under which it can be ended without the token.
CREATE TABLE IF NOT EXISTS registry.push_subscriptions (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token_id   bigint NOT NULL UNIQUE REFERENCES registry.tokens ON DELETE CASCADE,
    user_id    bigint NOT NULL REFERENCES registry.users ON DELETE CASCADE,
    endpoint   text NOT NULL,
    p256dh     text NOT NULL,
    auth       text NOT NULL,
    standard   boolean NOT NULL,
    alerts     text[] NOT NULL,
    policy     text NOT NULL CHECK (policy IN ('all', 'followed', 'follower', 'none')),
    seed       bytea NOT NULL UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS push_subscriptions_user ON registry.push_subscriptions (user_id);
