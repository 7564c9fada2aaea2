-- create --
-- What people want to be warned of.
CREATE TABLE filters (
    id bigint PRIMARY KEY,
    account_id bigint NOT NULL,
    title text NOT NULL,
    context text[] NOT NULL,
    action text NOT NULL,
    expires_at timestamptz
);
CREATE INDEX filters_account ON filters (account_id);
CREATE TABLE filter_keywords (
    id bigint PRIMARY KEY,
    filter_id bigint NOT NULL,
    keyword text NOT NULL,
    whole_word boolean NOT NULL
);
CREATE INDEX filter_keywords_filter ON filter_keywords (filter_id);
CREATE TABLE filter_statuses (
    id bigint PRIMARY KEY,
    filter_id bigint NOT NULL,
    status_id bigint NOT NULL,
    UNIQUE (filter_id, status_id)
);
CREATE INDEX filter_statuses_status ON filter_statuses (status_id);
CREATE TABLE filter_versions (
    account_id bigint PRIMARY KEY,
    position bigint NOT NULL
);

-- save --
-- A filter as it is now.
INSERT INTO filters (id, account_id, title, context, action, expires_at)
VALUES (%(filter_id)s, %(account_id)s, %(title)s, %(context)s, %(action)s, %(expires_at)s)
    ON CONFLICT (id) DO UPDATE
   SET title = excluded.title, context = excluded.context, action = excluded.action, expires_at = excluded.expires_at;

-- save_keywords --
-- Keywords that were taken away, and those that are new or changed.
WITH gone AS (DELETE FROM filter_keywords WHERE filter_id = %(filter)s AND id = ANY(%(removed)s::bigint[]))
INSERT INTO filter_keywords (id, filter_id, keyword, whole_word)
SELECT id, filter_id, keyword, whole_word FROM json_populate_recordset(NULL::filter_keywords, %(rows)s::json)
    ON CONFLICT (id) DO UPDATE SET keyword = excluded.keyword, whole_word = excluded.whole_word;

-- delete --
-- Filters with all that they caught.
WITH keywords AS (DELETE FROM filter_keywords WHERE filter_id = ANY(%(filters)s::bigint[])),
     caught AS (DELETE FROM filter_statuses WHERE filter_id = ANY(%(filters)s::bigint[]))
DELETE FROM filters WHERE id = ANY(%(filters)s::bigint[]);

-- add_status --
-- A post for a filter that is still there, once.
INSERT INTO filter_statuses (id, filter_id, status_id)
SELECT %(entry_id)s, id, %(status_id)s FROM filters WHERE id = %(filter_id)s
    ON CONFLICT DO NOTHING;

-- remove_status --
-- A post that a filter no longer catches.
DELETE FROM filter_statuses WHERE id = %(entry_id)s AND filter_id = %(filter_id)s;

-- forget_statuses --
-- Posts that are gone; tells whose filters caught which.
WITH gone AS (DELETE FROM filter_statuses WHERE status_id = ANY(%(statuses)s) RETURNING filter_id, status_id)
SELECT filters.account_id, gone.status_id FROM filters JOIN gone ON gone.filter_id = filters.id;

-- forget_account --
-- All filters of somebody who is gone.
WITH gone AS (DELETE FROM filters WHERE account_id = %(account)s RETURNING id),
     keywords AS (DELETE FROM filter_keywords WHERE filter_id IN (SELECT id FROM gone)),
     caught AS (DELETE FROM filter_statuses WHERE filter_id IN (SELECT id FROM gone))
DELETE FROM filter_versions WHERE account_id = %(account)s;

-- version --
-- Since when somebody's filters are as they are.
INSERT INTO filter_versions (account_id, position) VALUES (%(account)s, %(position)s)
    ON CONFLICT (account_id) DO UPDATE SET position = excluded.position;
