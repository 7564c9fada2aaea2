-- begin --
-- Note what somebody brought along.
INSERT INTO registry.imports (user_id, kind, overwrite) VALUES (%(user_id)s, %(kind)s, %(overwrite)s) RETURNING id

-- add_rows --
-- Its lines, in their order.
INSERT INTO registry.import_rows (import_id, place, row)
SELECT %(id)s, place, row
  FROM jsonb_array_elements(%(rows)s::jsonb) WITH ORDINALITY AS given (row, place)

-- load --
-- What one import is, and how far it has come.
SELECT i.id, i.user_id, u.account_id, i.kind, i.overwrite, i.cleared, i.created_at, counted.total, counted.done,
       counted.failed
  FROM registry.imports i
  JOIN registry.users u ON u.id = i.user_id
 CROSS JOIN LATERAL (SELECT count(*) AS total, count(*) FILTER (WHERE outcome = 'done') AS done,
                            count(*) FILTER (WHERE outcome = 'failed') AS failed
                       FROM registry.import_rows r WHERE r.import_id = i.id) AS counted
 WHERE i.id = %(id)s::bigint OR i.user_id = %(user_id)s::bigint
 ORDER BY i.id DESC LIMIT %(limit)s

-- waiting --
-- The next lines to be carried out.
SELECT place, row FROM registry.import_rows
 WHERE import_id = %(id)s AND outcome IS NULL ORDER BY place LIMIT %(limit)s

-- every --
-- All lines of an import.
SELECT place, row FROM registry.import_rows WHERE import_id = %(id)s ORDER BY place

-- failed --
-- The lines that could not be carried out.
SELECT place, row FROM registry.import_rows WHERE import_id = %(id)s AND outcome = 'failed' ORDER BY place

-- settle --
-- What became of a line.
UPDATE registry.import_rows SET outcome = %(outcome)s WHERE import_id = %(id)s AND place = %(place)s

-- clear --
-- What the file does not name was ended.
UPDATE registry.imports SET cleared = true WHERE id = %(id)s

-- forget --
-- Imports of long ago.
DELETE FROM registry.imports WHERE created_at < %(before)s
