-- create --
-- Posts that an account shows first on its profile.
CREATE TABLE pins (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    status_id bigint NOT NULL,
    PRIMARY KEY (account_id, status_id)
);
CREATE INDEX pins_status ON pins (status_id);

-- add --
-- New pins of statuses that are still there.
INSERT INTO pins (id, account_id, status_id)
SELECT id, account_id, status_id FROM json_populate_recordset(NULL::pins, %(rows)s::json) AS given
 WHERE EXISTS (SELECT FROM statuses WHERE statuses.id = given.status_id)
    ON CONFLICT (account_id, status_id) DO NOTHING;

-- remove --
-- Pins taken off.
DELETE FROM pins USING json_populate_recordset(NULL::pins, %(rows)s::json) AS given
 WHERE pins.account_id = given.account_id AND pins.status_id = given.status_id;

-- remove_others --
-- What an account no longer lists among its pins.
DELETE FROM pins WHERE account_id = %(account)s AND NOT status_id = ANY(%(keep)s::bigint[]);

-- remove_gone --
-- Pins of statuses, and by accounts, that are gone.
DELETE FROM pins WHERE status_id = ANY(%(statuses)s::bigint[]) OR account_id = ANY(%(accounts)s::bigint[]);
