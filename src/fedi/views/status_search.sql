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
-- A question that takes this many milliseconds is given up.
SELECT set_config('statement_timeout', %(milliseconds)s, true)

-- planned_once --
-- As above; the steps say themselves how they are done, and to plan one takes longer than to do it.
SELECT set_config('statement_timeout', %(milliseconds)s, true), set_config('plan_cache_mode', 'force_generic_plan', true),
       set_config('enable_seqscan', 'off', true)

-- search --
-- Posts with some words and traits that the reader may see and that may be found by the reader, the newest first.
SELECT s.id
  FROM read.statuses s
  {words}
 WHERE s.boost_of_id IS NULL AND {conditions} AND {visible} AND {welcome}
   {window} OFFSET %(offset)s

-- before --
-- The next post below an id, after so many were passed.
SELECT status_id FROM read.status_words WHERE status_id < %(below)s ORDER BY status_id DESC OFFSET %(passed)s LIMIT 1

-- after --
-- The next post between two ids, after so many were passed.
SELECT status_id FROM read.status_words
 WHERE status_id > %(above)s AND status_id < %(end)s ORDER BY status_id OFFSET %(passed)s LIMIT 1

-- step --
-- As `search`, among the posts of one step. They come in their order, and no more are looked at than are shown.
SELECT s.id
  FROM ({found}) AS w
  JOIN read.statuses s ON s.id = w.status_id
 WHERE s.boost_of_id IS NULL AND {conditions} AND {visible} AND {welcome}
 ORDER BY w.status_id {order} LIMIT %(limit)s

-- walked --
-- The posts of a stretch that have the words, each of them looked at: for words that are in many. OFFSET 0 keeps the
-- planner from doing it otherwise.
SELECT w.status_id
  FROM (SELECT status_id, words, text FROM read.status_words
         WHERE status_id >= %(lowest)s AND status_id < %(below)s
         ORDER BY status_id {order} OFFSET 0) AS w
 WHERE {words}
 ORDER BY w.status_id {order} OFFSET 0

-- looked_up --
-- The posts of a stretch that have the words, by the indexes of words and texts: for words that are in few. The stretch
-- stands outside, or the planner would walk through it.
SELECT w.status_id
  FROM (SELECT w.status_id FROM read.status_words w WHERE {words} OFFSET 0) AS w
 WHERE w.status_id >= %(lowest)s AND w.status_id < %(below)s
 ORDER BY w.status_id {order} OFFSET 0

-- join --
-- Their words, if any are looked for.
JOIN read.status_words w ON w.status_id = s.id

-- has_word --
-- It has a word; {lexeme} and {part} are bound.
(w.words @@ {lexeme}::tsquery OR w.text LIKE {part})

-- has_lexeme --
-- It has a word among those that spaces part; {lexeme} is bound.
w.words @@ {lexeme}::tsquery

-- of_spans --
-- It is from one of some spans of time and has a word: the index finds both at once.
w.words @@ (%(spans)s::tsquery && {lexeme}::tsquery)

-- of_spans_or_within --
-- As above; the text may have the word too.
(w.words @@ (%(spans)s::tsquery && {lexeme}::tsquery) OR w.text LIKE {part})

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

-- of_library --
-- The same where nothing else is wanted: they are looked up, so that it costs what the reader did and not what was said.
s.id = ANY(ARRAY(
    SELECT coalesce(boost_of_id, id) FROM read.statuses WHERE account_id = %(viewer)s
     UNION SELECT status_id FROM read.status_mentions WHERE account_id = %(viewer)s
     UNION SELECT status_id FROM read.favourites WHERE account_id = %(viewer)s
     UNION SELECT status_id FROM read.bookmarks WHERE account_id = %(viewer)s
     UNION SELECT status_id FROM read.poll_votes WHERE account_id = %(viewer)s))

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
