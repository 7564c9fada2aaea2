-- create --
-- Servers that people block, and how many follows ended because of such a thing.
CREATE TABLE domain_blocks (
    id bigint NOT NULL UNIQUE,
    account_id bigint NOT NULL,
    domain text NOT NULL,
    PRIMARY KEY (account_id, domain)
);
CREATE INDEX domain_blocks_account ON domain_blocks (account_id, id DESC);
CREATE TABLE severances (
    id bigint PRIMARY KEY,
    account_id bigint NOT NULL,
    kind text NOT NULL,
    target_name text NOT NULL,
    followers integer NOT NULL,
    following integer NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX severances_account ON severances (account_id);

-- add --
-- New blocks.
INSERT INTO domain_blocks SELECT * FROM json_populate_recordset(NULL::domain_blocks, %(rows)s::json)
    ON CONFLICT (account_id, domain) DO NOTHING;

-- remove --
-- Blocks taken back.
DELETE FROM domain_blocks USING json_populate_recordset(NULL::domain_blocks, %(rows)s::json) AS given
 WHERE domain_blocks.account_id = given.account_id AND domain_blocks.domain = given.domain;

-- sever --
-- Follows that ended at once.
INSERT INTO severances SELECT * FROM json_populate_recordset(NULL::severances, %(rows)s::json);

-- remove_gone --
-- What belonged to people who are gone.
WITH blocks AS (DELETE FROM domain_blocks WHERE account_id = ANY(%(accounts)s::bigint[]))
DELETE FROM severances WHERE account_id = ANY(%(accounts)s::bigint[]);
