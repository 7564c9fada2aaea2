-- create --
-- What the operator limits. Of limits, those that have ended too: they stood from `since` to before `until`, positions of
-- the log; where that is NULL they stand. `entry` of a warning is that of the event, by which its notification is found.
CREATE TABLE domain_limits (
    id bigint PRIMARY KEY,
    domain text NOT NULL,
    severity text NOT NULL,
    reject_media boolean NOT NULL,
    reject_reports boolean NOT NULL,
    obfuscate boolean NOT NULL,
    public_comment text NOT NULL,
    private_comment text NOT NULL,
    created_at timestamptz NOT NULL,
    since bigint NOT NULL,
    until bigint
);
CREATE INDEX domain_limits_domain ON domain_limits (domain);
CREATE UNIQUE INDEX domain_limits_standing ON domain_limits (domain) WHERE until IS NULL;
CREATE TABLE domain_allows (
    id bigint NOT NULL UNIQUE,
    domain text PRIMARY KEY
);
CREATE TABLE restrictions (
    account_id bigint NOT NULL,
    restriction text NOT NULL,
    since bigint NOT NULL,
    until bigint,
    PRIMARY KEY (account_id, restriction, since)
);
CREATE TABLE warnings (
    id bigint PRIMARY KEY,
    entry bigint NOT NULL UNIQUE,
    account_id bigint NOT NULL,
    action text NOT NULL,
    text text NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX warnings_account ON warnings (account_id);

-- end_limits --
-- Limits that something else takes the place of.
UPDATE domain_limits SET until = said.until
  FROM json_to_recordset(%(rows)s::json) AS said (domain text, until bigint)
 WHERE domain_limits.domain = said.domain AND domain_limits.until IS NULL;

-- limit --
-- New limits.
INSERT INTO domain_limits SELECT * FROM json_populate_recordset(NULL::domain_limits, %(rows)s::json);

-- end_restrictions --
-- Restrictions that something else takes the place of.
UPDATE restrictions SET until = said.until
  FROM json_to_recordset(%(rows)s::json) AS said (account_id bigint, restriction text, until bigint)
 WHERE restrictions.account_id = said.account_id AND restrictions.restriction = said.restriction
   AND restrictions.until IS NULL;

-- restrict --
-- New restrictions.
INSERT INTO restrictions SELECT * FROM json_populate_recordset(NULL::restrictions, %(rows)s::json);

-- add --
-- Domains that may come in.
INSERT INTO domain_allows SELECT * FROM json_populate_recordset(NULL::domain_allows, %(rows)s::json)
    ON CONFLICT (domain) DO NOTHING;

-- remove --
-- Domains that may no longer.
DELETE FROM domain_allows USING json_populate_recordset(NULL::domain_allows, %(rows)s::json) AS given
 WHERE domain_allows.domain = given.domain;

-- warn --
-- What people were told.
INSERT INTO warnings SELECT * FROM json_populate_recordset(NULL::warnings, %(rows)s::json) ON CONFLICT (id) DO NOTHING;

-- forget --
-- What concerned people who are gone.
WITH restricted AS (DELETE FROM restrictions WHERE account_id = ANY(%(ids)s::bigint[]))
DELETE FROM warnings WHERE account_id = ANY(%(ids)s::bigint[]);
