-- create --
-- Posts and boosts (a boost has boost_of_id and nothing to say), their tags, mentions, former versions and polls.
CREATE TABLE statuses (
    id bigint PRIMARY KEY,
    account_id bigint NOT NULL,
    uri text NOT NULL,
    url text NOT NULL,
    kind text NOT NULL,
    content text NOT NULL,
    spoiler_text text NOT NULL,
    sensitive boolean NOT NULL,
    visibility text NOT NULL,
    language text NOT NULL,
    created_at timestamptz NOT NULL,
    edited_at timestamptz,
    in_reply_to_id bigint,
    in_reply_to_account_id bigint,
    in_reply_to_uri text NOT NULL,
    boost_of_id bigint,
    boost_of_account_id bigint,
    local boolean NOT NULL,
    conversation text NOT NULL,
    quote_uri text NOT NULL,
    attachments jsonb NOT NULL,
    emojis jsonb NOT NULL,
    mentions jsonb NOT NULL,
    tags text[] NOT NULL,
    application jsonb,
    text text,
    document bytea,
    position bigint NOT NULL
);
CREATE INDEX statuses_account ON statuses (account_id, id DESC);
CREATE INDEX statuses_parent ON statuses (in_reply_to_id) WHERE in_reply_to_id IS NOT NULL;
CREATE INDEX statuses_boosts ON statuses (boost_of_id, account_id) WHERE boost_of_id IS NOT NULL;
CREATE INDEX statuses_public ON statuses (id DESC) WHERE visibility = 'public' AND boost_of_id IS NULL;
CREATE INDEX statuses_local ON statuses (id DESC) WHERE local AND visibility = 'public' AND boost_of_id IS NULL;
CREATE TABLE status_mentions (
    status_id bigint NOT NULL,
    account_id bigint NOT NULL,
    silent boolean NOT NULL,
    PRIMARY KEY (status_id, account_id)
);
CREATE INDEX status_mentions_account ON status_mentions (account_id, status_id DESC);
CREATE TABLE status_tags (
    name text NOT NULL,
    status_id bigint NOT NULL,
    PRIMARY KEY (name, status_id)
);
CREATE INDEX status_tags_status ON status_tags (status_id);
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
    voters_count bigint
);
CREATE TABLE poll_votes (
    status_id bigint NOT NULL,
    account_id bigint NOT NULL,
    choice integer NOT NULL,
    PRIMARY KEY (status_id, account_id, choice)
);
