-- What is gone, and how far its words were taken out of the log. Also what arrives of it later is found here.
-- Idempotent: run at every start, after effects.sql.

CREATE SCHEMA IF NOT EXISTS effects;

-- `key` is that of the references. A `post` or an `account` was known here, an `unseen` post was taken back before it
-- came, a `plan` is a post that was to be published later, a `page` is one that no post shares any more; `object_id` is our id of it, where it has one. `actor` is the
-- author; of an unseen post only what the author said goes. Up to position `through` of the log no words of it are left; what is found up to
-- `position`, where it was last spoken of, is still to go while `done_at` is null. `payloads` counts what was overwritten.
CREATE TABLE IF NOT EXISTS effects.erasures (
    key       uuid PRIMARY KEY,
    what      text NOT NULL,
    uri       text NOT NULL,
    actor     text NOT NULL,
    object_id bigint,
    demand    text NOT NULL CHECK (demand IN ('author', 'moderator', 'origin')),
    position  bigint NOT NULL,
    through   bigint NOT NULL DEFAULT 0,
    payloads  integer NOT NULL DEFAULT 0,
    asked_at  timestamptz NOT NULL DEFAULT now(),
    done_at   timestamptz,
    listed_at timestamptz
);
ALTER TABLE effects.erasures DROP CONSTRAINT IF EXISTS erasures_what_check;
CREATE INDEX IF NOT EXISTS erasures_due ON effects.erasures (position) WHERE done_at IS NULL;
CREATE INDEX IF NOT EXISTS erasures_unlisted ON effects.erasures (position) WHERE listed_at IS NULL;
CREATE INDEX IF NOT EXISTS erasures_done ON effects.erasures (done_at) WHERE done_at IS NOT NULL;

-- Unlike other effects this one begins with the log: what was deleted before there was erasure is to go too.
INSERT INTO effects.cursors (name, position) VALUES ('erase', 0) ON CONFLICT (name) DO NOTHING;
