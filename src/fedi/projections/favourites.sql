-- create --
-- Who favourited what, and whose it is; `id` orders them and pages through them.
CREATE TABLE favourites (
    id bigint NOT NULL UNIQUE,
    account_id bigint NOT NULL,
    status_id bigint NOT NULL,
    author_id bigint NOT NULL,
    emoji text NOT NULL,
    PRIMARY KEY (account_id, status_id)
);
CREATE INDEX favourites_status ON favourites (status_id, id DESC);
CREATE INDEX favourites_author ON favourites (author_id);
CREATE TABLE favourite_counts (
    status_id bigint PRIMARY KEY,
    favourites bigint NOT NULL
);

-- indexes --
-- Only readers look by this: when a generation is folded aside, it is made at its end.
CREATE INDEX favourites_account ON favourites (account_id, id DESC);

-- add --
-- New favourites of statuses that are still there, counted.
WITH new AS (
    INSERT INTO favourites (id, account_id, status_id, author_id, emoji)
    SELECT given.id, given.account_id, given.status_id, liked.account_id, given.emoji
      FROM json_populate_recordset(NULL::favourites, %(rows)s::json) AS given
      JOIN statuses AS liked ON liked.id = given.status_id
        ON CONFLICT (account_id, status_id) DO NOTHING
    RETURNING status_id
)
INSERT INTO favourite_counts AS counted (status_id, favourites)
SELECT status_id, count(*) FROM new GROUP BY status_id
    ON CONFLICT (status_id) DO UPDATE SET favourites = counted.favourites + excluded.favourites;

-- remove --
-- Favourites taken back, uncounted.
WITH gone AS (
    DELETE FROM favourites USING json_populate_recordset(NULL::favourites, %(rows)s::json) AS given
     WHERE favourites.account_id = given.account_id AND favourites.status_id = given.status_id
    RETURNING favourites.status_id
)
UPDATE favourite_counts SET favourites = favourites - lost.number
  FROM (SELECT status_id, count(*) AS number FROM gone GROUP BY status_id) AS lost
 WHERE favourite_counts.status_id = lost.status_id;

-- uncount --
-- A status without favourites has no count: so it does not matter in how many steps it came to that.
DELETE FROM favourite_counts WHERE status_id = ANY(%(ids)s) AND favourites = 0;

-- remove_of_statuses --
-- Favourites of statuses that are gone.
WITH gone AS (DELETE FROM favourites WHERE status_id = ANY(%(ids)s))
DELETE FROM favourite_counts WHERE status_id = ANY(%(ids)s);

-- of_accounts --
-- What accounts favourited.
SELECT status_id FROM favourites WHERE account_id = ANY(%(ids)s);

-- remove_of_accounts --
-- Favourites by accounts that are gone, uncounted; and those of their statuses, which went with them.
WITH gone AS (
    DELETE FROM favourites WHERE account_id = ANY(%(ids)s) OR author_id = ANY(%(ids)s)
    RETURNING status_id
), uncounted AS (
    UPDATE favourite_counts SET favourites = favourites - lost.number
      FROM (SELECT status_id, count(*) AS number FROM gone GROUP BY status_id) AS lost
     WHERE favourite_counts.status_id = lost.status_id
       AND EXISTS (SELECT FROM statuses WHERE statuses.id = lost.status_id)
)
DELETE FROM favourite_counts
 WHERE status_id IN (SELECT status_id FROM gone)
   AND NOT EXISTS (SELECT FROM statuses WHERE statuses.id = favourite_counts.status_id);
