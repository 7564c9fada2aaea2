-- create --
-- What each URI stands for here, and what was said about URIs that nobody knows yet.
CREATE TABLE refs (
    key uuid NOT NULL,
    uri text NOT NULL,
    kind text NOT NULL,
    id bigint,
    author_id bigint,
    author_uri text NOT NULL,
    target_id bigint,
    target_uri text NOT NULL,
    visibility text NOT NULL,
    domain text,
    followers text NOT NULL,
    featured text NOT NULL,
    local boolean NOT NULL,
    locked boolean NOT NULL,
    position bigint NOT NULL,
    ended bigint,
    returned bigint,
    stamp timestamptz,
    stamped bigint
);
CREATE TABLE pending_claims (
    key uuid NOT NULL,
    position bigint NOT NULL,
    ordinal integer NOT NULL,
    at timestamptz NOT NULL,
    origin text NOT NULL,
    actor text NOT NULL,
    claim text NOT NULL,
    resolved bigint,
    PRIMARY KEY (key, position, ordinal)
);
-- At which positions of the log there are words of a post or an actor, whoever repeats them: erasure looks there.
CREATE TABLE log_index (
    key uuid NOT NULL,
    position bigint NOT NULL
);

-- indexes --
-- Only erasure looks by this: when a generation is folded aside, it is made at its end.
ALTER TABLE log_index ADD PRIMARY KEY (key, position);

-- put_in_order --
-- By what references are found.
ALTER TABLE refs ADD PRIMARY KEY (key);
CREATE INDEX refs_id ON refs (id) WHERE id IS NOT NULL;
CREATE INDEX refs_author ON refs (author_id) WHERE kind = 'status';

-- put_off --
-- Nothing is looked for yet: to put in order what is all there takes a third of the time.
ALTER TABLE refs DROP CONSTRAINT refs_pkey;
DROP INDEX refs_id, refs_author;

-- load --
-- The references that stand under some keys, as they were after a position; for which of the keys something still waits;
-- and which of some ids were allotted already.
SELECT encode(uuid_send(key), 'hex') AS name, uri, kind, id, author_id, author_uri, target_id, target_uri, visibility,
       domain, followers, featured, local, locked, position,
       CASE WHEN ended <= %(after)s THEN ended END AS ended,
       CASE WHEN returned <= %(after)s THEN returned END AS returned,
       CASE WHEN stamped <= %(after)s THEN stamp END AS stamp,
       stamped
  FROM refs
 WHERE key = ANY(%(keys)s::uuid[]) AND position <= %(after)s
 UNION ALL
SELECT encode(uuid_send(key), 'hex'), '', 'awaited', NULL, NULL, '', NULL, '', '', NULL, '', '', false, false, 0, NULL,
       NULL, NULL, NULL
  FROM pending_claims
 WHERE key = ANY(%(keys)s::uuid[]) AND position <= %(after)s AND (resolved IS NULL OR resolved > %(after)s)
 UNION ALL
SELECT '', '', 'taken', id, NULL, '', NULL, '', '', NULL, '', '', false, false, 0, NULL, NULL, NULL,
       NULL
  FROM refs
 WHERE id = ANY(%(ids)s::bigint[]) AND position <= %(after)s;

-- load_of_author --
-- The URIs of an author's posts.
SELECT uri FROM refs WHERE author_id = %(author)s AND kind = 'status' AND position <= %(after)s;

-- load_pending --
-- What still waited, after a position, for the URIs under some keys.
SELECT encode(uuid_send(key), 'hex') AS name, position, ordinal, at, origin, actor, claim
  FROM pending_claims
 WHERE key = ANY(%(keys)s::uuid[]) AND position <= %(after)s AND (resolved IS NULL OR resolved > %(after)s)
 ORDER BY position, ordinal;

-- taken --
-- Which of some ids were allotted already, after a position.
SELECT id FROM refs WHERE id = ANY(%(ids)s) AND position <= %(after)s;

-- store --
-- Write references that are new or changed, and at which positions there are words of what.
WITH indexed AS (
    INSERT INTO log_index (key, position)
    SELECT * FROM unnest(%(keys)s::uuid[], %(positions)s::bigint[])
)
INSERT INTO refs
SELECT * FROM json_populate_recordset(NULL::refs, %(rows)s::json)
    ON CONFLICT (key) DO UPDATE
   SET uri = excluded.uri, kind = excluded.kind, id = excluded.id, author_id = excluded.author_id,
       author_uri = excluded.author_uri, target_id = excluded.target_id, target_uri = excluded.target_uri, visibility = excluded.visibility, domain = excluded.domain,
       followers = excluded.followers, featured = excluded.featured, locked = excluded.locked, position = excluded.position,
       ended = excluded.ended, returned = excluded.returned, stamp = excluded.stamp, stamped = excluded.stamped;

-- store_pending --
-- Write claims that wait, and those that waited and were resolved.
INSERT INTO pending_claims
SELECT * FROM json_populate_recordset(NULL::pending_claims, %(rows)s::json)
    ON CONFLICT (key, position, ordinal) DO UPDATE SET resolved = excluded.resolved;
