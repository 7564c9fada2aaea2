-- create --
-- The words of posts: as they are, and as their language bends them, and the span of time they are from. Where words are
-- not parted by spaces, the text.
CREATE TABLE status_words (
    status_id bigint PRIMARY KEY,
    account_id bigint NOT NULL,
    words tsvector NOT NULL,
    text text
);
CREATE INDEX status_words_account ON status_words (account_id);

-- indexes --
-- Only who searches looks by words: when a generation is folded aside, these are made at its end.
CREATE INDEX status_words_words ON status_words USING gin (words);
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_opclass WHERE opcname = 'gin_trgm_ops' AND pg_opclass_is_visible(oid)) THEN
        CREATE INDEX status_words_text ON status_words USING gin (text gin_trgm_ops) WHERE text IS NOT NULL;
    END IF;
END
$$;

-- save --
-- The words of new and of edited posts.
INSERT INTO status_words (status_id, account_id, words, text)
SELECT status_id, account_id,
       CASE WHEN language = 'simple' THEN to_tsvector('simple', given.text)
            ELSE to_tsvector('simple', given.text) || to_tsvector(language::regconfig, given.text) END
       || array_to_tsvector(ARRAY[span]),
       CASE WHEN unspaced THEN lower(given.text) END
  FROM json_to_recordset(%(rows)s::json)
       AS given (status_id bigint, account_id bigint, language text, text text, unspaced boolean, span text)
    ON CONFLICT (status_id) DO UPDATE SET words = excluded.words, text = excluded.text;

-- remove --
-- Posts that are gone, by themselves or with their authors.
DELETE FROM status_words WHERE status_id = ANY(%(statuses)s) OR account_id = ANY(%(accounts)s);
