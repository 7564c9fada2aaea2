-- create --
-- Who follows, asks to follow, blocks and mutes whom. Ended follows keep the positions between which they stood.
CREATE TABLE follows (
    id bigint NOT NULL UNIQUE,
    account_id bigint NOT NULL,
    target_id bigint NOT NULL,
    accepted boolean NOT NULL,
    since bigint,
    since_at timestamptz,
    uri text NOT NULL,
    boosts boolean NOT NULL,
    notify boolean NOT NULL,
    languages text[] NOT NULL,
    PRIMARY KEY (account_id, target_id) INCLUDE (accepted)
);
CREATE INDEX follows_target ON follows (target_id, id DESC) INCLUDE (account_id, accepted);
CREATE TABLE past_follows (
    account_id bigint NOT NULL,
    target_id bigint NOT NULL,
    since bigint NOT NULL,
    since_at timestamptz NOT NULL,
    until bigint NOT NULL,
    PRIMARY KEY (target_id, account_id, since)
);
CREATE TABLE follow_counts (
    account_id bigint PRIMARY KEY,
    followers bigint NOT NULL DEFAULT 0,
    following bigint NOT NULL DEFAULT 0
);
CREATE TABLE blocks (
    id bigint NOT NULL UNIQUE,
    account_id bigint NOT NULL,
    target_id bigint NOT NULL,
    PRIMARY KEY (account_id, target_id)
);
CREATE INDEX blocks_target ON blocks (target_id, account_id);
CREATE TABLE mutes (
    id bigint NOT NULL UNIQUE,
    account_id bigint NOT NULL,
    target_id bigint NOT NULL,
    notifications boolean NOT NULL,
    expires_at timestamptz,
    PRIMARY KEY (account_id, target_id)
);

-- indexes --
-- Only readers look by these: when a generation is folded aside, they are made at its end.
CREATE INDEX follows_account ON follows (account_id, id DESC) INCLUDE (target_id, accepted);
CREATE INDEX follow_counts_followers ON follow_counts (followers DESC, account_id);

-- load_follows --
-- The follows that a batch touches, and all of accounts that are gone.
SELECT id, account_id, target_id, accepted, since, since_at, uri, boosts, notify, languages FROM follows
  JOIN unnest(%(accounts)s::bigint[], %(targets)s::bigint[]) AS pair (account_id, target_id) USING (account_id, target_id)
 UNION
SELECT id, account_id, target_id, accepted, since, since_at, uri, boosts, notify, languages FROM follows
 WHERE account_id = ANY(%(gone)s::bigint[]) OR target_id = ANY(%(gone)s::bigint[]);

-- save_follows --
-- Follows as they stand now.
INSERT INTO follows SELECT * FROM json_populate_recordset(NULL::follows, %(rows)s::json)
    ON CONFLICT (account_id, target_id) DO UPDATE
   SET id = excluded.id, accepted = excluded.accepted, since = excluded.since, since_at = excluded.since_at,
       uri = excluded.uri, boosts = excluded.boosts, notify = excluded.notify, languages = excluded.languages;

-- end_follows --
-- Follows that are no more.
DELETE FROM follows USING json_populate_recordset(NULL::follows, %(rows)s::json) AS given
 WHERE follows.account_id = given.account_id AND follows.target_id = given.target_id;

-- save_past --
-- From when to when a follow stood: what was said meanwhile was said to this follower too.
INSERT INTO past_follows SELECT * FROM json_populate_recordset(NULL::past_follows, %(rows)s::json);

-- count --
-- How many follow, and are followed.
INSERT INTO follow_counts AS counted (account_id, followers, following)
SELECT * FROM unnest(%(ids)s::bigint[], %(followers)s::bigint[], %(following)s::bigint[])
    ON CONFLICT (account_id) DO UPDATE
   SET followers = counted.followers + excluded.followers, following = counted.following + excluded.following;

-- uncount --
-- Who neither follows nor is followed has no count: so it does not matter in how many steps they came to that.
DELETE FROM follow_counts WHERE account_id = ANY(%(ids)s::bigint[]) AND followers = 0 AND following = 0;

-- block --
-- New blocks.
INSERT INTO blocks SELECT * FROM json_populate_recordset(NULL::blocks, %(rows)s::json)
    ON CONFLICT (account_id, target_id) DO NOTHING;

-- unblock --
-- Blocks that are no more.
DELETE FROM blocks USING json_populate_recordset(NULL::blocks, %(rows)s::json) AS given
 WHERE blocks.account_id = given.account_id AND blocks.target_id = given.target_id;

-- mute --
-- New mutes.
INSERT INTO mutes SELECT * FROM json_populate_recordset(NULL::mutes, %(rows)s::json);

-- unmute --
-- Mutes that are no more, or are said anew.
DELETE FROM mutes USING json_populate_recordset(NULL::mutes, %(rows)s::json) AS given
 WHERE mutes.account_id = given.account_id AND mutes.target_id = given.target_id;

-- expire --
-- Mutes whose time ran out, unless they were said anew.
DELETE FROM mutes
 USING json_to_recordset(%(rows)s::json) AS ended (id bigint, account_id bigint, target_id bigint)
 WHERE mutes.id = ended.id AND mutes.account_id = ended.account_id AND mutes.target_id = ended.target_id;

-- forget --
-- What people who have left had blocked and muted, and who had blocked and muted them.
WITH gone AS (DELETE FROM blocks WHERE account_id = ANY(%(ids)s) OR target_id = ANY(%(ids)s))
DELETE FROM mutes WHERE account_id = ANY(%(ids)s) OR target_id = ANY(%(ids)s);
