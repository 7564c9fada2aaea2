-- create --
-- Posts that an account shows first on its profile.
CREATE TABLE pins (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    status_id bigint NOT NULL,
    PRIMARY KEY (account_id, status_id)
);
CREATE INDEX pins_status ON pins (status_id);
