-- Announcements of the staff that somebody has read.
CREATE TABLE IF NOT EXISTS registry.read_announcements (
    account_id      bigint NOT NULL,
    announcement_id bigint NOT NULL,
    read_at         timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, announcement_id)
);
