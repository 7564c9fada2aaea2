-- create --
-- Whom people show on their profiles.
CREATE TABLE endorsements (
    id bigint NOT NULL UNIQUE,
    account_id bigint NOT NULL,
    target_id bigint NOT NULL,
    PRIMARY KEY (account_id, target_id)
);
CREATE INDEX endorsements_account ON endorsements (account_id, id DESC);

-- add --
-- New endorsements.
INSERT INTO endorsements (id, account_id, target_id)
SELECT id, account_id, target_id FROM json_populate_recordset(NULL::endorsements, %(rows)s::json)
    ON CONFLICT (account_id, target_id) DO NOTHING;

-- remove --
-- Endorsements taken back.
DELETE FROM endorsements USING json_populate_recordset(NULL::endorsements, %(rows)s::json) AS given
 WHERE endorsements.account_id = given.account_id AND endorsements.target_id = given.target_id;

-- remove_gone --
-- Endorsements by and of accounts that are gone.
DELETE FROM endorsements WHERE account_id = ANY(%(accounts)s) OR target_id = ANY(%(accounts)s);
