-- What the effects remember: how far each has come, what is still to be sent and fetched, and who was sent what.
-- Idempotent: run at every start. A rebuild of the views touches none of it.

CREATE SCHEMA IF NOT EXISTS effects;

-- How far each effect has read the log. A cursor starts at "now" and never moves back, so nothing is done twice.
CREATE TABLE IF NOT EXISTS effects.cursors (
    name     text PRIMARY KEY,
    position bigint NOT NULL CHECK (position >= 0)
);

-- The cursors are made with the tables, before any role runs: what is said while the effects start must not be missed.
DO $$
DECLARE
    head bigint := 0;
BEGIN
    IF to_regclass('log.events') IS NOT NULL THEN
        EXECUTE 'SELECT coalesce(max(notification_id), 0) FROM log.events' INTO head;
    END IF;
    INSERT INTO effects.cursors (name, position)
    SELECT name, head
      FROM unnest(ARRAY['answer', 'deliver', 'fetch', 'move', 'notices', 'preview', 'push', 'relaying', 'release',
                        'reports', 'severing', 'tallies', 'verify']) AS effect (name)
    ON CONFLICT (name) DO NOTHING;
END
$$;

-- A host that something was sent to. `wake_at` is when its lane may go on, null while nothing waits for it; `failures`
-- counts those since its last success; `recovering` is set when the breaker opens and until the backlog is gone; `width`
-- is how many deliveries it takes at once, `gap` how many seconds to leave between them, both learnt from its answers.
CREATE TABLE IF NOT EXISTS effects.hosts (
    name       text PRIMARY KEY,
    form       text NOT NULL DEFAULT 'cavage' CHECK (form IN ('cavage', 'rfc9421')),
    failures   integer NOT NULL DEFAULT 0,
    recovering boolean NOT NULL DEFAULT false,
    wake_at    timestamptz,
    used_at    timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE effects.hosts
    ADD COLUMN IF NOT EXISTS width        integer NOT NULL DEFAULT 1,
    ADD COLUMN IF NOT EXISTS gap          double precision NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS delivered_at timestamptz,
    ADD COLUMN IF NOT EXISTS failing_at   timestamptz;
CREATE INDEX IF NOT EXISTS hosts_wake ON effects.hosts (wake_at) WHERE wake_at IS NOT NULL;

-- Inboxes by number, so that an audience of thousands is recorded in a few bytes each.
CREATE TABLE IF NOT EXISTS effects.inboxes (
    id   integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    url  text NOT NULL UNIQUE,
    host text NOT NULL
);

-- One activity to one inbox. `position` is that of the activity in the log, whose document is the body; `account_id` signs.
-- `about` is the status or account that it concerns: of those with the same, a later one never overtakes an earlier; nor
-- does one overtake what is about the status that it answers or passes on, which is `after`. `kind` is the activity's type.
-- It waits while `outcome` is null, and must have one in the end.
CREATE TABLE IF NOT EXISTS effects.deliveries (
    position    bigint NOT NULL,
    inbox_id    integer NOT NULL,
    host        text NOT NULL,
    account_id  bigint NOT NULL,
    about       bigint NOT NULL,
    said_at     timestamptz NOT NULL,
    due_at      timestamptz NOT NULL DEFAULT '-infinity',
    attempts    integer NOT NULL DEFAULT 0,
    status      integer,
    outcome     text CHECK (outcome IN ('delivered', 'refused', 'expired')),
    finished_at timestamptz,
    PRIMARY KEY (position, inbox_id)
);
ALTER TABLE effects.deliveries
    ADD COLUMN IF NOT EXISTS after bigint NOT NULL DEFAULT 0,
    ADD COLUMN IF NOT EXISTS kind  text NOT NULL DEFAULT '';
CREATE INDEX IF NOT EXISTS deliveries_lane ON effects.deliveries (host, position) WHERE outcome IS NULL;
CREATE INDEX IF NOT EXISTS deliveries_about ON effects.deliveries (about);
CREATE INDEX IF NOT EXISTS deliveries_aside ON effects.deliveries (host, about) WHERE outcome IS NULL AND attempts > 0;
CREATE INDEX IF NOT EXISTS deliveries_finished ON effects.deliveries (finished_at) WHERE outcome IS NOT NULL;

-- Which inboxes know of a local status or boost: those it was sent to, and those of people who acted on it since. Its
-- edits and its end go there, whatever became of follows in between.
CREATE TABLE IF NOT EXISTS effects.sent (
    status_id bigint PRIMARY KEY,
    inbox_ids integer[] NOT NULL
);

-- Which inboxes a local account ever sent anything to. That it has moved, or is gone, is told there, whoever follows now.
CREATE TABLE IF NOT EXISTS effects.reached (
    account_id bigint NOT NULL,
    inbox_id   integer NOT NULL,
    PRIMARY KEY (account_id, inbox_id)
);

-- What somebody spoke of and nobody here knew. `kind` says what is to be learnt; `depth` how many fetches led here.
-- A finished row stays for a while, so that the same is not fetched again at once.
CREATE TABLE IF NOT EXISTS effects.fetches (
    uri         text NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('actor', 'object', 'contact')),
    host        text NOT NULL,
    depth       integer NOT NULL,
    cause       bigint NOT NULL,
    attempts    integer NOT NULL DEFAULT 0,
    due_at      timestamptz NOT NULL DEFAULT now(),
    position    bigint,
    finished_at timestamptz,
    PRIMARY KEY (uri, kind)
);
-- `asker` is the host whose word made it worth knowing.
ALTER TABLE effects.fetches ADD COLUMN IF NOT EXISTS asker text NOT NULL DEFAULT '';
CREATE INDEX IF NOT EXISTS fetches_asker ON effects.fetches (asker) WHERE finished_at IS NULL;
CREATE INDEX IF NOT EXISTS fetches_due ON effects.fetches (due_at) WHERE finished_at IS NULL;
CREATE INDEX IF NOT EXISTS fetches_cause ON effects.fetches (cause);
CREATE INDEX IF NOT EXISTS fetches_finished ON effects.fetches (finished_at) WHERE finished_at IS NOT NULL;

-- Events that an effect could not take, through a fault of ours; the others went on. One that is `wanted` is tried again.
CREATE TABLE IF NOT EXISTS effects.parked (
    name      text NOT NULL,
    position  bigint NOT NULL,
    error     text NOT NULL,
    parked_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (name, position)
);
ALTER TABLE effects.parked ADD COLUMN IF NOT EXISTS wanted boolean NOT NULL DEFAULT false;
