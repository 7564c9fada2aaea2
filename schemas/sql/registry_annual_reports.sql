-- What somebody's year was like, as it was counted; a report is made once, and may be made anew from the views.
CREATE TABLE IF NOT EXISTS registry.annual_reports (
    account_id bigint NOT NULL,
    year       integer NOT NULL,
    data       jsonb NOT NULL,
    made_at    timestamptz NOT NULL DEFAULT now(),
    read_at    timestamptz,
    PRIMARY KEY (account_id, year)
);
