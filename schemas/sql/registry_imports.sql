-- Lists of people, domains and posts that somebody brought along from another server, and how far each has come.
CREATE TABLE IF NOT EXISTS registry.imports (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id     bigint NOT NULL REFERENCES registry.users ON DELETE CASCADE,
    kind        text NOT NULL,
    overwrite   boolean NOT NULL,
    cleared     boolean NOT NULL DEFAULT false,
    created_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS imports_user ON registry.imports (user_id, id DESC);

CREATE TABLE IF NOT EXISTS registry.import_rows (
    import_id bigint NOT NULL REFERENCES registry.imports ON DELETE CASCADE,
    place     integer NOT NULL,
    row       jsonb NOT NULL,
    outcome   text CHECK (outcome IN ('done', 'failed')),
    PRIMARY KEY (import_id, place)
);
CREATE INDEX IF NOT EXISTS import_rows_waiting ON registry.import_rows (import_id, place) WHERE outcome IS NULL;
