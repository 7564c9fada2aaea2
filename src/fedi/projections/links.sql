-- create --
-- Which page a post shares, and how pages are shown. Sizes are pixels; `key` is that of a page's words in the log.
CREATE TABLE status_links (
    status_id bigint PRIMARY KEY,
    account_id bigint NOT NULL,
    url text NOT NULL
);
CREATE INDEX status_links_url ON status_links (url, status_id DESC);
CREATE INDEX status_links_account ON status_links (account_id);
CREATE TABLE cards (
    url text PRIMARY KEY,
    id bigint NOT NULL UNIQUE,
    key uuid NOT NULL UNIQUE,
    seen_at timestamptz NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    description text NOT NULL,
    language text NOT NULL,
    author_name text NOT NULL,
    author_url text NOT NULL,
    author_id bigint,
    provider_name text NOT NULL,
    provider_url text NOT NULL,
    html text NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    image text NOT NULL,
    image_description text NOT NULL,
    blurhash text NOT NULL,
    embed_url text NOT NULL,
    published_at timestamptz
);

-- link --
-- Posts that share a page.
INSERT INTO status_links (status_id, account_id, url)
SELECT status_id, account_id, url FROM json_populate_recordset(NULL::status_links, %(rows)s::json)
    ON CONFLICT (status_id) DO UPDATE SET url = excluded.url;

-- unlink --
-- Posts that share nothing any more.
DELETE FROM status_links WHERE status_id = ANY(%(ids)s::bigint[]);

-- forget_accounts --
-- What accounts that are gone had shared.
DELETE FROM status_links WHERE account_id = ANY(%(ids)s::bigint[]);

-- forget --
-- A page that no post shares.
DELETE FROM cards
 WHERE key = %(key)s::uuid AND NOT EXISTS (SELECT FROM status_links WHERE status_links.url = cards.url);

-- show --
-- Pages as they want to be shown; one looked at again keeps its id.
INSERT INTO cards
SELECT * FROM json_populate_recordset(NULL::cards, %(rows)s::json)
    ON CONFLICT (url) DO UPDATE
   SET seen_at = excluded.seen_at, kind = excluded.kind, title = excluded.title, description = excluded.description,
       language = excluded.language, author_name = excluded.author_name, author_url = excluded.author_url,
       author_id = excluded.author_id, provider_name = excluded.provider_name, provider_url = excluded.provider_url,
       html = excluded.html, width = excluded.width, height = excluded.height, image = excluded.image,
       image_description = excluded.image_description, blurhash = excluded.blurhash, embed_url = excluded.embed_url,
       published_at = excluded.published_at;
