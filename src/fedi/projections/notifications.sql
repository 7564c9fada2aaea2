-- create --
-- What local people are told: `id` is the position of the event and the ordinal of the fact, and a place in it.
CREATE TABLE notifications (
    id bigint PRIMARY KEY,
    account_id bigint NOT NULL,
    type text NOT NULL,
    from_account_id bigint NOT NULL,
    status_id bigint,
    created_at timestamptz NOT NULL,
    group_key text NOT NULL
);
CREATE INDEX notifications_account ON notifications (account_id, id DESC);
CREATE INDEX notifications_status ON notifications (status_id) WHERE status_id IS NOT NULL;
CREATE INDEX notifications_from ON notifications (from_account_id);
