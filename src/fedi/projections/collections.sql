-- create --
-- Accounts that people recommend together.
CREATE TABLE collections (
    id bigint PRIMARY KEY,
    account_id bigint NOT NULL,
    name text NOT NULL,
    description text NOT NULL,
    language text NOT NULL,
    sensitive boolean NOT NULL,
    discoverable boolean NOT NULL,
    tag text NOT NULL,
    uri text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX collections_account ON collections (account_id, id DESC);
CREATE TABLE collection_items (
    id bigint PRIMARY KEY,
    collection_id bigint NOT NULL,
    owner_id bigint NOT NULL,
    account_id bigint NOT NULL,
    state text NOT NULL,
    stamp text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    UNIQUE (collection_id, account_id)
);
CREATE INDEX collection_items_account ON collection_items (account_id, collection_id DESC);

-- save --
-- Collections as they are now.
INSERT INTO collections (id, account_id, name, description, language, sensitive, discoverable, tag, created_at,
                         updated_at)
SELECT id, account_id, name, description, language, sensitive, discoverable, tag, created_at, updated_at
  FROM json_populate_recordset(NULL::collections, %(rows)s::json)
    ON CONFLICT (id) DO UPDATE
   SET name = excluded.name, description = excluded.description, language = excluded.language,
       sensitive = excluded.sensitive, discoverable = excluded.discoverable, tag = excluded.tag,
       updated_at = excluded.updated_at;

-- add --
-- Who stands in collections. Somebody stands in one once, or does not want to.
INSERT INTO collection_items (id, collection_id, owner_id, account_id, state, created_at)
SELECT given.id, given.collection_id, given.owner_id, given.account_id, given.state, given.created_at
  FROM json_populate_recordset(NULL::collection_items, %(rows)s::json) AS given
  JOIN collections ON collections.id = given.collection_id
 ORDER BY given.id
    ON CONFLICT DO NOTHING;

-- take_out --
-- Accounts that the owners of collections took out.
DELETE FROM collection_items WHERE id = ANY(%(ids)s) AND state IN ('accepted', 'pending');

-- revoke --
-- Accounts that do not want to stand there.
UPDATE collection_items SET state = 'revoked' WHERE id = ANY(%(ids)s);

-- foreign --
-- Collections of people elsewhere in which somebody here stands; what they are like is told by their owners.
INSERT INTO collections (id, account_id, name, description, language, sensitive, discoverable, tag, uri, created_at,
                         updated_at)
SELECT DISTINCT ON (collection_id) collection_id, account_id, '', '', '', false, true, '', collection_uri, at, at
  FROM json_to_recordset(%(rows)s::json)
       AS given (collection_id bigint, account_id bigint, collection_uri text, at timestamptz)
 ORDER BY collection_id, at
    ON CONFLICT (id) DO NOTHING;

-- stand --
-- Who stands in them from here.
INSERT INTO collection_items (id, collection_id, owner_id, account_id, state, stamp, created_at)
SELECT item_id, collection_id, account_id, member_id, 'accepted', stamp, at
  FROM json_to_recordset(%(rows)s::json)
       AS given (item_id bigint, collection_id bigint, account_id bigint, member_id bigint, stamp text, at timestamptz)
 ORDER BY item_id
    ON CONFLICT DO NOTHING;

-- describe --
-- Collections of people elsewhere as their owners describe them.
UPDATE collections
   SET name = given.name, description = given.description, language = given.language, sensitive = given.sensitive,
       discoverable = given.discoverable, tag = given.tag, updated_at = given.at
  FROM json_to_recordset(%(rows)s::json)
       AS given (collection_id bigint, name text, description text, language text, sensitive boolean,
                 discoverable boolean, tag text, at timestamptz)
 WHERE collections.id = given.collection_id;

-- accepted --
-- Accounts elsewhere that were asked and said yes.
UPDATE collection_items SET state = 'accepted', stamp = given.stamp
  FROM json_to_recordset(%(rows)s::json) AS given (collection_id bigint, member_id bigint, stamp text)
 WHERE collection_items.collection_id = given.collection_id AND collection_items.account_id = given.member_id
   AND collection_items.state = 'pending';

-- ended --
-- Accounts elsewhere that said no, or no longer.
UPDATE collection_items SET state = CASE state WHEN 'pending' THEN 'rejected' ELSE 'revoked' END
  FROM json_to_recordset(%(rows)s::json) AS given (collection_id bigint, member_id bigint)
 WHERE collection_items.collection_id = given.collection_id AND collection_items.account_id = given.member_id
   AND collection_items.state IN ('pending', 'accepted');

-- delete --
-- Collections that are gone, by themselves or with their owners, and all that has to do with accounts that are gone.
WITH gone AS (DELETE FROM collections WHERE id = ANY(%(ids)s) OR account_id = ANY(%(accounts)s) RETURNING id)
DELETE FROM collection_items
 WHERE collection_id IN (SELECT id FROM gone) OR collection_id = ANY(%(ids)s)
    OR account_id = ANY(%(accounts)s) OR owner_id = ANY(%(accounts)s);

-- part --
-- Whoever blocks somebody stands in no collection with them.
DELETE FROM collection_items USING json_to_recordset(%(rows)s::json) AS given (one bigint, other bigint)
 WHERE (owner_id = given.one AND account_id = given.other) OR (owner_id = given.other AND account_id = given.one);
