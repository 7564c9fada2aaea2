-- lexemes --
-- What some words come to, as any of the languages would bend them: a search does not say its language. Phrases are
-- to stand as they are; languages would leave out the little words between the others.
SELECT asked.place, string_agg(DISTINCT '(' || meant.query::text || ')', ' | ')
  FROM unnest(%(texts)s::text[], %(phrases)s::boolean[]) WITH ORDINALITY AS asked (text, phrase, place)
  JOIN unnest(%(languages)s::text[]) AS spoken (language) ON NOT asked.phrase OR spoken.language = 'simple'
 CROSS JOIN LATERAL (
       SELECT CASE WHEN asked.phrase THEN phraseto_tsquery('simple', asked.text)
                   ELSE plainto_tsquery(spoken.language::regconfig, asked.text) END AS query) AS meant
 WHERE numnode(meant.query) > 0
 GROUP BY asked.place

-- patience --
-- A search that takes this many milliseconds is given up.
SELECT set_config('statement_timeout', %(milliseconds)s, true)

-- search --
-- Posts with some words and traits that the reader may see and that may be found by the reader, the newest first.
SELECT s.id
  FROM read.statuses s
  {words}
 WHERE s.boost_of_id IS NULL AND {conditions} AND {visible} AND {welcome}
   {window} OFFSET %(offset)s

-- join --
-- Their words, if any are looked for.
JOIN read.status_words w ON w.status_id = s.id

-- has_word --
-- It has a word; {lexeme} and {part} are bound.
(w.words @@ {lexeme}::tsquery OR w.text LIKE {part})

-- has_lexeme --
-- It has a word among those that spaces part; {lexeme} is bound.
w.words @@ {lexeme}::tsquery

-- has_trigrams --
-- Whether texts without spaces are cut into trigrams: not where the extension pg_trgm is missing.
SELECT to_regclass('read.status_words_text') IS NOT NULL

-- library --
-- It is the reader's own, or names the reader, or the reader did something with it.
(s.account_id = %(viewer)s
 OR EXISTS (SELECT FROM read.status_mentions m WHERE m.status_id = s.id AND m.account_id = %(viewer)s)
 OR EXISTS (SELECT FROM read.favourites f WHERE f.status_id = s.id AND f.account_id = %(viewer)s)
 OR EXISTS (SELECT FROM read.bookmarks k WHERE k.status_id = s.id AND k.account_id = %(viewer)s)
 OR EXISTS (SELECT FROM read.statuses b WHERE b.boost_of_id = s.id AND b.account_id = %(viewer)s)
 OR EXISTS (SELECT FROM read.poll_votes v WHERE v.status_id = s.id AND v.account_id = %(viewer)s))

-- public --
-- Everybody may read it, and its author lets it be found.
(s.visibility = 'public'
 AND EXISTS (SELECT FROM read.accounts a WHERE a.id = s.account_id AND a.indexable AND NOT a.limited))

-- media --
-- It has media.
s.attachments <> '[]'

-- image --
-- It has a picture.
s.attachments @> '[{"kind": "image"}]'

-- video --
-- It has a video.
(s.attachments @> '[{"kind": "video"}]' OR s.attachments @> '[{"kind": "gifv"}]')

-- audio --
-- It has sound.
s.attachments @> '[{"kind": "audio"}]'

-- poll --
-- It has a poll.
EXISTS (SELECT FROM read.polls p WHERE p.status_id = s.id)

-- link --
-- It shares a page.
EXISTS (SELECT FROM read.status_links l WHERE l.status_id = s.id)

-- embed --
-- The page that it shares can be played or shown in place.
EXISTS (SELECT FROM read.status_links l
          JOIN read.cards c ON c.url = l.url AND c.kind IN ('video', 'rich')
         WHERE l.status_id = s.id)

-- quote --
-- It quotes a post.
s.quote_uri <> ''

-- reply --
-- It answers a post.
(s.in_reply_to_id IS NOT NULL OR s.in_reply_to_uri <> '')

-- sensitive --
-- It comes with a warning.
s.sensitive

-- edited --
-- Its author changed it.
s.edited_at IS NOT NULL

-- bot --
-- A machine wrote it.
EXISTS (SELECT FROM read.accounts a WHERE a.id = s.account_id AND a.kind IN ('Service', 'Application'))
