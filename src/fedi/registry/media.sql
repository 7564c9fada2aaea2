-- add --
-- Store a file's row.
INSERT INTO registry.media
       (id, account_id, purpose, kind, state, mime, size, storage_key, preview_key, meta, description,
        focus_x, focus_y, blurhash, status_id, remote_url, created_at)
VALUES (%(id)s, %(account_id)s, %(purpose)s, %(kind)s, %(state)s, %(mime)s, %(size)s, %(storage_key)s, %(preview_key)s,
        %(meta)s, %(description)s, %(focus_x)s, %(focus_y)s, %(blurhash)s, %(status_id)s, %(remote_url)s, %(created_at)s)

-- add_remote --
-- Store the copy of a remote file, unless there is one.
INSERT INTO registry.media
       (id, account_id, purpose, kind, state, mime, size, storage_key, preview_key, meta, description,
        focus_x, focus_y, blurhash, status_id, remote_url, created_at)
VALUES (%(id)s, %(account_id)s, %(purpose)s, %(kind)s, %(state)s, %(mime)s, %(size)s, %(storage_key)s, %(preview_key)s,
        %(meta)s, %(description)s, %(focus_x)s, %(focus_y)s, %(blurhash)s, %(status_id)s, %(remote_url)s, %(created_at)s)
ON CONFLICT (md5(remote_url)) WHERE remote_url IS NOT NULL DO NOTHING
RETURNING *

-- claim_remote --
-- Take it on to fetch a remote file: nobody has, or who did failed before `failed`, or vanished before `stale`.
INSERT INTO registry.media AS known (id, purpose, kind, state, mime, size, remote_url, created_at)
VALUES (%(id)s, 'remote', 'unknown', 'processing', 'application/octet-stream', 0, %(remote_url)s, %(now)s)
ON CONFLICT (md5(remote_url)) WHERE remote_url IS NOT NULL DO UPDATE
   SET state = 'processing', created_at = %(now)s
 WHERE known.remote_url = %(remote_url)s
   AND (known.state = 'failed' AND known.created_at < %(failed)s
        OR known.state = 'processing' AND known.created_at < %(stale)s)
RETURNING *

-- by_id --
-- One file.
SELECT * FROM registry.media WHERE id = %(id)s

-- by_ids --
-- Several files.
SELECT * FROM registry.media WHERE id = ANY(%(ids)s::bigint[])

-- by_remote_url --
-- The copy of a remote file.
SELECT * FROM registry.media WHERE md5(remote_url) = md5(%(remote_url)s) AND remote_url = %(remote_url)s

-- lose --
-- A copy whose bytes are lost is one that could not be made, long ago.
UPDATE registry.media SET state = 'failed', created_at = 'epoch'
 WHERE id = %(id)s AND storage_key = %(storage_key)s AND state = 'ready' AND purpose = 'remote'

-- finish --
-- What processing found out.
UPDATE registry.media
   SET state = %(state)s, kind = %(kind)s, mime = %(mime)s, size = %(size)s, storage_key = %(storage_key)s,
       preview_key = %(preview_key)s, meta = %(meta)s, blurhash = %(blurhash)s, created_at = %(created_at)s
 WHERE id = %(id)s

-- describe --
-- What the uploader says about a file.
UPDATE registry.media
   SET description = %(description)s, focus_x = %(focus_x)s, focus_y = %(focus_y)s
 WHERE id = %(id)s
RETURNING *

-- illustrate --
-- The small picture that an uploader chose.
UPDATE registry.media
   SET preview_key = %(preview_key)s, blurhash = %(blurhash)s, meta = meta || jsonb_build_object('small', %(small)s::jsonb)
 WHERE id = %(id)s
RETURNING *

-- processed --
-- What became of an upload that waited; a small picture that is there already was chosen, and stays.
UPDATE registry.media
   SET state = %(state)s, kind = %(kind)s, mime = %(mime)s, size = %(size)s, storage_key = %(storage_key)s,
       preview_key = coalesce(preview_key, %(preview_key)s), blurhash = coalesce(blurhash, %(blurhash)s),
       meta = %(meta)s::jsonb || meta
 WHERE id = %(id)s AND state = 'processing'
RETURNING *

-- attach --
-- Bind uploads to a post.
UPDATE registry.media
   SET status_id = %(status_id)s
 WHERE id = ANY(%(ids)s::bigint[])
   AND account_id = %(account_id)s
   AND purpose = 'attachment'
   AND (status_id IS NULL OR status_id IN (%(status_id)s, %(held_by)s::bigint))
RETURNING id

-- release --
-- Unbind uploads from a post. They wait from now on as if new: a post that is deleted may be written anew.
UPDATE registry.media
   SET status_id = NULL, created_at = now()
 WHERE status_id = %(status_id)s AND id <> ALL (%(keep)s::bigint[])

-- release_posts --
-- Unbind all uploads from posts that are gone.
UPDATE registry.media SET status_id = NULL, created_at = now() WHERE status_id = ANY (%(ids)s::bigint[])

-- abandon --
-- All that accounts which are gone have uploaded becomes what no post holds.
UPDATE registry.media
   SET status_id = NULL, purpose = 'attachment', created_at = now()
 WHERE account_id = ANY (%(ids)s::bigint[])

-- unattached --
-- Uploads that no post has held since `before`; what somebody is about to attach is left alone.
SELECT * FROM registry.media
 WHERE purpose = 'attachment' AND status_id IS NULL AND created_at < %(before)s
 ORDER BY created_at
 LIMIT %(limit)s
   FOR UPDATE SKIP LOCKED

-- old_copies --
-- Copies of remote files that were made before a time.
SELECT * FROM registry.media
 WHERE purpose = 'remote' AND created_at < %(before)s
 ORDER BY created_at
 LIMIT %(limit)s
   FOR UPDATE SKIP LOCKED

-- copies_of --
-- Copies of some remote files.
SELECT * FROM registry.media
 WHERE md5(remote_url) = ANY (SELECT md5(url) FROM unnest(%(urls)s::text[]) AS url)
   AND remote_url = ANY (%(urls)s::text[]) AND purpose = 'remote'
   FOR UPDATE

-- remove --
-- Forget files.
DELETE FROM registry.media WHERE id = ANY (%(ids)s::bigint[])

-- usage --
-- How many files there are of each purpose, and their bytes.
SELECT purpose, count(*) AS files, coalesce(sum(size), 0)::bigint AS bytes
  FROM registry.media GROUP BY purpose ORDER BY purpose

-- discard --
-- Delete an upload that no post holds.
DELETE FROM registry.media
 WHERE id = %(id)s AND account_id = %(account_id)s AND purpose = 'attachment' AND status_id IS NULL
RETURNING *

-- discard_all --
-- Delete everything that an account uploaded.
DELETE FROM registry.media WHERE account_id = %(account_id)s RETURNING *
