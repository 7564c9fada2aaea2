-- create --
-- Posts and boosts (a boost has boost_of_id and nothing to say), their tags, mentions, former versions and polls; how
-- many public posts have each hashtag, sorted so that those with the same beginning stand together.
CREATE TABLE statuses (
    id bigint PRIMARY KEY,
    account_id bigint NOT NULL,
    uri text NOT NULL,
    url text NOT NULL,
    kind text NOT NULL,
    content text NOT NULL DEFAULT '',
    spoiler_text text NOT NULL DEFAULT '',
    sensitive boolean NOT NULL DEFAULT false,
    visibility text NOT NULL,
    language text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL,
    edited_at timestamptz,
    in_reply_to_id bigint,
    in_reply_to_account_id bigint,
    in_reply_to_uri text NOT NULL DEFAULT '',
    boost_of_id bigint,
    boost_of_account_id bigint,
    local boolean NOT NULL,
    conversation text NOT NULL DEFAULT '',
    quote_uri text NOT NULL DEFAULT '',
    quote_automatic text[] NOT NULL DEFAULT '{}',
    quote_manual text[] NOT NULL DEFAULT '{}',
    attachments jsonb NOT NULL DEFAULT '[]',
    emojis jsonb NOT NULL DEFAULT '[]',
    mentions jsonb NOT NULL DEFAULT '[]',
    tags text[] NOT NULL DEFAULT '{}',
    application jsonb,
    text text,
    document bytea,
    position bigint NOT NULL,
    entry bigint NOT NULL
);
CREATE INDEX statuses_account ON statuses (account_id, id DESC);
CREATE INDEX statuses_parent ON statuses (in_reply_to_id) WHERE in_reply_to_id IS NOT NULL;
CREATE INDEX statuses_boosts ON statuses (boost_of_id, account_id) WHERE boost_of_id IS NOT NULL;
CREATE TABLE status_mentions (
    status_id bigint NOT NULL,
    account_id bigint NOT NULL,
    silent boolean NOT NULL,
    PRIMARY KEY (status_id, account_id)
);
CREATE TABLE status_tags (
    name text NOT NULL,
    status_id bigint NOT NULL,
    PRIMARY KEY (name, status_id)
);
CREATE INDEX status_tags_status ON status_tags (status_id);
CREATE TABLE tag_uses (
    name text COLLATE "C" PRIMARY KEY,
    uses bigint NOT NULL
) WITH (fillfactor = 70);
CREATE TABLE status_edits (
    status_id bigint NOT NULL,
    edited_at timestamptz NOT NULL,
    ordinal bigint NOT NULL,
    content text NOT NULL,
    spoiler_text text NOT NULL,
    sensitive boolean NOT NULL,
    attachments jsonb NOT NULL,
    emojis jsonb NOT NULL,
    poll_options text[],
    PRIMARY KEY (status_id, ordinal)
);
CREATE TABLE status_counts (
    status_id bigint PRIMARY KEY,
    replies bigint NOT NULL DEFAULT 0,
    boosts bigint NOT NULL DEFAULT 0
);
CREATE TABLE account_statuses (
    account_id bigint PRIMARY KEY,
    statuses bigint NOT NULL DEFAULT 0,
    last_status_at timestamptz
);
CREATE TABLE polls (
    status_id bigint PRIMARY KEY,
    account_id bigint NOT NULL,
    titles text[] NOT NULL,
    votes bigint[] NOT NULL,
    multiple boolean NOT NULL,
    expires_at timestamptz,
    voters_count bigint,
    hide_totals boolean NOT NULL
);
CREATE INDEX polls_expiry ON polls (expires_at) WHERE expires_at IS NOT NULL;
CREATE TABLE poll_votes (
    status_id bigint NOT NULL,
    account_id bigint NOT NULL,
    choice integer NOT NULL,
    vote_id bigint NOT NULL,
    PRIMARY KEY (status_id, account_id, choice)
);

-- indexes --
-- Only readers look by these: when a generation is folded aside, they are made at its end.
CREATE INDEX poll_votes_account ON poll_votes (account_id);
CREATE INDEX statuses_public ON statuses (id DESC) WHERE visibility = 'public' AND boost_of_id IS NULL;
CREATE INDEX statuses_local ON statuses (id DESC) WHERE local AND visibility = 'public' AND boost_of_id IS NULL;
CREATE INDEX status_mentions_account ON status_mentions (account_id, status_id DESC);
CREATE INDEX account_statuses_last ON account_statuses (last_status_at DESC NULLS LAST, account_id DESC)
 WHERE statuses > 0;

-- few --
-- New posts and boosts.
new AS (INSERT INTO statuses SELECT * FROM json_populate_recordset(NULL::statuses, %(rows)s::json)),

-- insert --
-- New posts and boosts, unless they were copied in, counted for their authors, their parents and what they boost.
WITH {new} authors AS (
    INSERT INTO account_statuses AS counted (account_id, statuses, last_status_at)
    SELECT account_id, statuses, last_status_at FROM json_populate_recordset(NULL::account_statuses, %(authors)s::json)
        ON CONFLICT (account_id) DO UPDATE
       SET statuses = counted.statuses + excluded.statuses,
           last_status_at = greatest(counted.last_status_at, excluded.last_status_at)
)
INSERT INTO status_counts AS counted (status_id, replies, boosts)
SELECT status_id, replies, boosts FROM json_populate_recordset(NULL::status_counts, %(about)s::json)
    ON CONFLICT (status_id) DO UPDATE
   SET replies = counted.replies + excluded.replies, boosts = counted.boosts + excluded.boosts;

-- insert_mentions --
-- Who is mentioned; somebody mentioned anew is no longer silent.
INSERT INTO status_mentions (status_id, account_id, silent)
SELECT status_id, account_id, bool_and(silent)
  FROM json_to_recordset(%(rows)s::json) AS given (status_id bigint, account_id bigint, silent boolean)
 GROUP BY status_id, account_id
    ON CONFLICT (status_id, account_id) DO UPDATE SET silent = excluded.silent;

-- insert_tags --
-- The hashtags of posts that are there, counted if the post is public.
WITH given AS (
    SELECT name, status_id FROM json_to_recordset(%(rows)s::json) AS given (name text, status_id bigint)
), tagged AS (
    INSERT INTO status_tags (name, status_id) SELECT name, status_id FROM given
)
INSERT INTO tag_uses AS used (name, uses)
SELECT given.name, count(*)
  FROM given JOIN statuses ON statuses.id = given.status_id AND visibility = 'public'
 GROUP BY given.name
    ON CONFLICT (name) DO UPDATE SET uses = used.uses + excluded.uses;

-- delete_tags --
-- Edited posts have the tags of their new text only. Returns which fewer public posts have now.
WITH gone AS (
    DELETE FROM status_tags WHERE status_id = ANY(%(ids)s) RETURNING name, status_id
)
UPDATE tag_uses SET uses = tag_uses.uses - lost.number
  FROM (SELECT gone.name, count(*) AS number
          FROM gone JOIN statuses ON statuses.id = gone.status_id AND visibility = 'public'
         GROUP BY gone.name) AS lost
 WHERE tag_uses.name = lost.name
RETURNING tag_uses.name;

-- forget_tags --
-- Hashtags that no public post has any more.
DELETE FROM tag_uses WHERE name = ANY(%(names)s) AND uses = 0;

-- silence_mentions --
-- Whoever was mentioned before an edit may still read the post, unless the new text says so aloud.
UPDATE status_mentions SET silent = true WHERE status_id = ANY(%(ids)s);

-- insert_polls --
-- The polls of new posts.
INSERT INTO polls (status_id, account_id, titles, votes, multiple, expires_at, voters_count, hide_totals)
SELECT status_id, account_id, titles, votes, multiple, expires_at, voters_count, hide_totals
  FROM json_populate_recordset(NULL::polls, %(rows)s::json);

-- tally_polls --
-- What the author of a remote poll says of its votes; one's own polls are counted here. Other options end old votes.
WITH given AS (
    SELECT * FROM json_populate_recordset(NULL::polls, %(rows)s::json)
), changed AS (
    DELETE FROM poll_votes USING given, polls
     WHERE poll_votes.status_id = given.status_id AND polls.status_id = given.status_id AND polls.titles <> given.titles
)
INSERT INTO polls AS poll (status_id, account_id, titles, votes, multiple, expires_at, voters_count, hide_totals)
SELECT status_id, account_id, titles, votes, multiple, expires_at, voters_count, hide_totals FROM given
    ON CONFLICT (status_id) DO UPDATE
   SET titles = excluded.titles, multiple = excluded.multiple, expires_at = excluded.expires_at,
       hide_totals = excluded.hide_totals,
       votes = CASE WHEN poll.titles = excluded.titles
                     AND (SELECT local FROM statuses WHERE id = poll.status_id) THEN poll.votes
                    ELSE excluded.votes END,
       voters_count = CASE WHEN poll.titles = excluded.titles
                            AND (SELECT local FROM statuses WHERE id = poll.status_id) THEN poll.voters_count
                           ELSE excluded.voters_count END;

-- vote --
-- Votes for options of open polls; where one may choose one, the first counts.
WITH given AS (
    SELECT vote.id, vote.status_id, vote.account_id, array_position(titles, vote.option) - 1 AS choice, multiple,
           row_number() OVER (PARTITION BY vote.status_id, vote.account_id ORDER BY vote.id) AS turn
      FROM json_to_recordset(%(rows)s::json)
           AS vote (id bigint, status_id bigint, account_id bigint, option text, at timestamptz)
      JOIN polls ON polls.status_id = vote.status_id
     WHERE vote.option = ANY(titles) AND (expires_at IS NULL OR vote.at <= expires_at)
), before AS (
    SELECT DISTINCT status_id, account_id FROM poll_votes WHERE status_id IN (SELECT status_id FROM given)
), counted AS (
    INSERT INTO poll_votes (status_id, account_id, choice, vote_id)
    SELECT status_id, account_id, choice, min(id)
      FROM given
     WHERE multiple
        OR (turn = 1 AND NOT EXISTS (SELECT FROM before WHERE before.status_id = given.status_id
                                                           AND before.account_id = given.account_id))
     GROUP BY status_id, account_id, choice
        ON CONFLICT DO NOTHING
    RETURNING status_id, account_id, choice
), sums AS (
    SELECT status_id, choice, count(*) AS votes FROM counted GROUP BY status_id, choice
), voters AS (
    SELECT status_id, count(DISTINCT account_id) AS voters
      FROM counted
     WHERE NOT EXISTS (SELECT FROM before WHERE before.status_id = counted.status_id
                                            AND before.account_id = counted.account_id)
     GROUP BY status_id
)
UPDATE polls
   SET votes = (SELECT array_agg(old + coalesce(sums.votes, 0) ORDER BY place)
                  FROM unnest(polls.votes) WITH ORDINALITY AS tally (old, place)
                  LEFT JOIN sums ON sums.status_id = polls.status_id AND sums.choice = place - 1),
       voters_count = coalesce(voters_count, 0) + coalesce((SELECT voters FROM voters WHERE voters.status_id = polls.status_id), 0)
 WHERE status_id IN (SELECT status_id FROM counted);

-- keep_original --
-- Before the first edit of a post, its first version.
INSERT INTO status_edits (status_id, edited_at, ordinal, content, spoiler_text, sensitive, attachments, emojis, poll_options)
SELECT id, created_at, 0, content, spoiler_text, sensitive, attachments, emojis, polls.titles
  FROM statuses LEFT JOIN polls ON polls.status_id = statuses.id
 WHERE id = ANY(%(ids)s)
    ON CONFLICT DO NOTHING;

-- insert_edits --
-- New versions of posts.
INSERT INTO status_edits (status_id, edited_at, ordinal, content, spoiler_text, sensitive, attachments, emojis, poll_options)
SELECT status_id, edited_at, ordinal, content, spoiler_text, sensitive, attachments, emojis, poll_options
  FROM json_populate_recordset(NULL::status_edits, %(rows)s::json);

-- edit --
-- Posts as their new versions say.
UPDATE statuses
   SET content = version.content, spoiler_text = version.spoiler_text, sensitive = version.sensitive,
       language = version.language, attachments = version.attachments, emojis = version.emojis,
       mentions = version.mentions, tags = version.tags, text = coalesce(version.text, statuses.text),
       document = coalesce(version.document::bytea, statuses.document), edited_at = version.edited_at
  FROM json_to_recordset(%(rows)s::json)
       AS version (status_id bigint, edited_at timestamptz, content text, spoiler_text text, sensitive boolean,
                   language text, attachments jsonb, emojis jsonb, mentions jsonb, tags text[], text text, document text)
 WHERE statuses.id = version.status_id;

-- edit_rules --
-- What posts quote, and who may quote them, as their latest versions say.
UPDATE statuses
   SET quote_uri = rule.quote_uri, quote_automatic = rule.quote_automatic, quote_manual = rule.quote_manual,
       document = coalesce(rule.document::bytea, statuses.document)
  FROM json_to_recordset(%(rows)s::json)
       AS rule (status_id bigint, quote_uri text, quote_automatic text[], quote_manual text[], document text)
 WHERE statuses.id = rule.status_id;

-- link_replies --
-- Replies whose parent has come.
WITH linked AS (
    UPDATE statuses
       SET in_reply_to_id = link.parent_id, in_reply_to_account_id = link.parent_account_id
      FROM json_to_recordset(%(rows)s::json) AS link (status_id bigint, parent_id bigint, parent_account_id bigint)
     WHERE statuses.id = link.status_id AND statuses.in_reply_to_id IS NULL
    RETURNING statuses.in_reply_to_id AS status_id, visibility
)
INSERT INTO status_counts AS counted (status_id, replies)
SELECT status_id, count(*) FROM linked WHERE visibility IN ('public', 'unlisted') GROUP BY status_id
    ON CONFLICT (status_id) DO UPDATE SET replies = counted.replies + excluded.replies;

-- link_mentions --
-- Mentions whose actor has come.
WITH link AS (
    SELECT * FROM json_to_recordset(%(rows)s::json) AS link (status_id bigint, account_id bigint, uri text)
), named AS (
    INSERT INTO status_mentions (status_id, account_id, silent)
    SELECT link.status_id, link.account_id, false FROM link JOIN statuses ON statuses.id = link.status_id
        ON CONFLICT DO NOTHING
)
UPDATE statuses
   SET mentions = (SELECT jsonb_agg(CASE WHEN mention->>'uri' = link.uri
                                         THEN mention || jsonb_build_object('account_id', link.account_id)
                                         ELSE mention END ORDER BY place)
                     FROM jsonb_array_elements(statuses.mentions) WITH ORDINALITY AS each (mention, place))
  FROM link
 WHERE statuses.id = link.status_id AND jsonb_array_length(statuses.mentions) > 0;

-- of_accounts --
-- Every status of accounts that are gone.
SELECT id FROM statuses WHERE account_id = ANY(%(ids)s);

-- delete --
-- Take statuses and the boosts of them away, uncount them, and let replies to them stand alone.
WITH gone AS (
    DELETE FROM statuses WHERE id = ANY(%(ids)s) OR boost_of_id = ANY(%(ids)s)
    RETURNING id, account_id, in_reply_to_id, in_reply_to_uri, in_reply_to_account_id, boost_of_id, visibility, local,
              attachments, tags
), orphans AS (
    UPDATE statuses SET in_reply_to_id = NULL
     WHERE in_reply_to_id = ANY(%(ids)s) AND NOT id IN (SELECT id FROM gone)
), authors AS (
    UPDATE account_statuses SET statuses = account_statuses.statuses - lost.number
      FROM (SELECT account_id, count(*) AS number FROM gone WHERE visibility <> 'direct' GROUP BY account_id) AS lost
     WHERE account_statuses.account_id = lost.account_id
), uncounted AS (
    UPDATE status_counts SET replies = status_counts.replies - lost.replies, boosts = status_counts.boosts - lost.boosts
      FROM (SELECT status_id, sum(reply) AS replies, sum(boost) AS boosts
              FROM (SELECT in_reply_to_id AS status_id, 1 AS reply, 0 AS boost
                      FROM gone WHERE in_reply_to_id IS NOT NULL AND visibility IN ('public', 'unlisted')
                     UNION ALL
                    SELECT boost_of_id, 0, 1 FROM gone WHERE boost_of_id IS NOT NULL) AS each
             GROUP BY status_id) AS lost
     WHERE status_counts.status_id = lost.status_id
), untagged AS (
    UPDATE tag_uses SET uses = tag_uses.uses - lost.number
      FROM (SELECT name, count(*) AS number FROM gone CROSS JOIN unnest(gone.tags) AS name
             WHERE visibility = 'public' GROUP BY name) AS lost
     WHERE tag_uses.name = lost.name
)
SELECT id, account_id, visibility, local, boost_of_id IS NOT NULL,
       in_reply_to_uri <> '' AND in_reply_to_account_id IS DISTINCT FROM account_id, attachments <> '[]', tags
  FROM gone;

-- streamed --
-- What decides on which streams some statuses are told.
SELECT id, account_id, visibility, local, boost_of_id IS NOT NULL,
       in_reply_to_uri <> '' AND in_reply_to_account_id IS DISTINCT FROM account_id, attachments <> '[]', tags
  FROM statuses
 WHERE id = ANY(%(ids)s);

-- delete_parts --
-- What belonged to statuses that are gone.
WITH mentions AS (DELETE FROM status_mentions WHERE status_id = ANY(%(ids)s)),
     tags AS (DELETE FROM status_tags WHERE status_id = ANY(%(ids)s)),
     edits AS (DELETE FROM status_edits WHERE status_id = ANY(%(ids)s)),
     votes AS (DELETE FROM poll_votes WHERE status_id = ANY(%(ids)s)),
     polls AS (DELETE FROM polls WHERE status_id = ANY(%(ids)s))
DELETE FROM status_counts WHERE status_id = ANY(%(ids)s);
