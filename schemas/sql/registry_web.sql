-- What a web client keeps for its user from one browser to the next; nobody here reads it.
-- It is JSON as text: jsonb would refuse some of what JSON allows.
CREATE TABLE IF NOT EXISTS registry.web_settings (
    user_id    bigint PRIMARY KEY REFERENCES registry.users ON DELETE CASCADE,
    data       text NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
);
