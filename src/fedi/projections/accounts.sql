-- create --
-- Everybody known here, local and remote, as their profiles stand now. `suspended` by whomever: their own server
-- (`self_suspended`), or the operator, who may do so to an account or to a domain, of its handle or of its host. Who lives
-- elsewhere and is suspended alone is `shut_out`.
CREATE TABLE accounts (
    id bigint PRIMARY KEY,
    uri text NOT NULL,
    kind text NOT NULL,
    username text NOT NULL,
    domain text,
    display_name text NOT NULL,
    note text NOT NULL,
    url text NOT NULL,
    avatar_url text NOT NULL,
    avatar_description text NOT NULL,
    header_url text NOT NULL,
    header_description text NOT NULL,
    fields jsonb NOT NULL,
    emojis jsonb NOT NULL,
    locked boolean NOT NULL,
    discoverable boolean NOT NULL,
    indexable boolean NOT NULL,
    memorial boolean NOT NULL,
    self_suspended boolean NOT NULL DEFAULT false,
    suspended boolean NOT NULL,
    limited boolean NOT NULL DEFAULT false,
    sensitized boolean NOT NULL DEFAULT false,
    media_rejected boolean NOT NULL DEFAULT false,
    shut_out boolean NOT NULL DEFAULT false,
    handle_domains text[] NOT NULL DEFAULT '{}',
    host_domains text[] NOT NULL DEFAULT '{}',
    show_media boolean NOT NULL,
    show_media_replies boolean NOT NULL,
    show_featured boolean NOT NULL,
    attribution_domains text[] NOT NULL,
    hide_collections boolean,
    moved_at timestamptz,
    verified jsonb NOT NULL DEFAULT '{}',
    inbox text NOT NULL,
    shared_inbox text NOT NULL,
    outbox text NOT NULL,
    followers_uri text NOT NULL,
    following_uri text NOT NULL,
    featured_uri text NOT NULL,
    moved_to_uri text NOT NULL,
    feature_automatic text[] NOT NULL,
    feature_manual text[] NOT NULL,
    also_known_as text[] NOT NULL,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    total_followers bigint,
    total_following bigint,
    total_statuses bigint,
    document bytea
);
CREATE INDEX accounts_suspended ON accounts (id) WHERE suspended;
CREATE INDEX accounts_limited ON accounts (id) WHERE limited;
CREATE INDEX accounts_shut_out ON accounts (id) WHERE shut_out;
CREATE INDEX accounts_handle_domains ON accounts USING gin (handle_domains) WITH (fastupdate = off);
CREATE INDEX accounts_host_domains ON accounts USING gin (host_domains) WITH (fastupdate = off);
CREATE INDEX accounts_handle ON accounts (lower(username) text_pattern_ops, lower(domain) text_pattern_ops NULLS FIRST);
CREATE TABLE account_keys (
    key_id text NOT NULL,
    account_id bigint NOT NULL,
    pem text NOT NULL,
    PRIMARY KEY (account_id, key_id)
);
CREATE INDEX account_keys_id ON account_keys (key_id);

-- indexes --
-- Only who searches looks by names, of people and of servers: when a generation is folded aside, these are made at its
-- end. The domain is in its index as it is, too, or servers would be counted by reading each account.
CREATE INDEX accounts_handle_here ON accounts (lower(username) text_pattern_ops) WHERE domain IS NULL;
CREATE INDEX accounts_domain ON accounts (lower(domain) text_pattern_ops) INCLUDE (domain)
 WHERE domain IS NOT NULL AND NOT suspended;
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_opclass WHERE opcname = 'gin_trgm_ops' AND pg_opclass_is_visible(oid)) THEN
        CREATE INDEX accounts_names ON accounts USING gin ((username || ' ' || display_name) gin_trgm_ops);
    END IF;
END
$$;

-- save --
-- Insert or renew profiles; the day somebody joined and the counts their server told stay.
INSERT INTO accounts (
    id, uri, kind, username, domain, display_name, note, url, avatar_url, avatar_description, header_url,
    header_description, fields, emojis, locked, discoverable, indexable, memorial, self_suspended, suspended, show_media,
    show_media_replies, show_featured, attribution_domains, inbox, shared_inbox, outbox, followers_uri, following_uri,
    featured_uri, moved_to_uri, feature_automatic, feature_manual, also_known_as, created_at, changed_at, document,
    handle_domains, host_domains)
SELECT
    id, uri, kind, username, domain, display_name, note, url, avatar_url, avatar_description, header_url,
    header_description, fields, emojis, locked, discoverable, indexable, memorial, self_suspended, self_suspended,
    show_media, show_media_replies, show_featured, attribution_domains, inbox, shared_inbox, outbox, followers_uri,
    following_uri, featured_uri, moved_to_uri, feature_automatic, feature_manual, also_known_as, created_at, changed_at, document, handle_domains,
    host_domains
  FROM json_populate_recordset(NULL::accounts, %(rows)s::json)
    ON CONFLICT (id) DO UPDATE
   SET kind = excluded.kind, username = excluded.username, domain = excluded.domain,
       display_name = excluded.display_name, note = excluded.note, url = excluded.url,
       avatar_url = excluded.avatar_url, avatar_description = excluded.avatar_description,
       header_url = excluded.header_url, header_description = excluded.header_description,
       fields = excluded.fields, emojis = excluded.emojis, locked = excluded.locked,
       discoverable = excluded.discoverable, indexable = excluded.indexable, memorial = excluded.memorial,
       self_suspended = excluded.self_suspended, show_media = excluded.show_media,
       show_media_replies = excluded.show_media_replies, show_featured = excluded.show_featured,
       attribution_domains = excluded.attribution_domains, inbox = excluded.inbox, shared_inbox = excluded.shared_inbox,
       outbox = excluded.outbox, followers_uri = excluded.followers_uri, following_uri = excluded.following_uri,
       featured_uri = excluded.featured_uri, moved_to_uri = excluded.moved_to_uri,
       feature_automatic = excluded.feature_automatic, feature_manual = excluded.feature_manual,
       also_known_as = excluded.also_known_as, changed_at = excluded.changed_at, document = excluded.document,
       handle_domains = excluded.handle_domains, host_domains = excluded.host_domains;

-- forget_links --
-- Links that are no longer on a profile are no longer verified.
UPDATE accounts
   SET verified = (SELECT coalesce(jsonb_object_agg(key, value), '{}')
                     FROM jsonb_each(accounts.verified) WHERE key = ANY(said.links))
  FROM json_to_recordset(%(rows)s::json) AS said (id bigint, links text[])
 WHERE accounts.id = said.id AND accounts.verified <> '{}';

-- verify --
-- Links that were seen to lead back.
UPDATE accounts SET verified = accounts.verified || said.links
  FROM (SELECT account_id, jsonb_object_agg(url, at) AS links
          FROM json_to_recordset(%(rows)s::json) AS each (account_id bigint, url text, at timestamptz)
         GROUP BY account_id) AS said
 WHERE accounts.id = said.account_id;

-- forget_keys --
-- An actor's keys are those of its newest document and no others.
DELETE FROM account_keys WHERE account_id = ANY(%(ids)s);

-- save_keys --
-- The keys that actors now name.
INSERT INTO account_keys (key_id, account_id, pem)
SELECT key_id, account_id, pem FROM json_populate_recordset(NULL::account_keys, %(rows)s::json)
    ON CONFLICT DO NOTHING;

-- save_counts --
-- What home servers say of the sizes of their accounts' collections.
UPDATE accounts
   SET total_followers = coalesce(told.followers, total_followers),
       total_following = coalesce(told.following, total_following),
       total_statuses = coalesce(told.statuses, total_statuses)
  FROM (SELECT account_id,
               max(total) FILTER (WHERE what = 'followers') AS followers,
               max(total) FILTER (WHERE what = 'following') AS following,
               max(total) FILTER (WHERE what = 'statuses') AS statuses
          FROM json_to_recordset(%(rows)s::json) AS told (account_id bigint, what text, total bigint)
         GROUP BY account_id) AS told
 WHERE accounts.id = told.account_id;

-- move --
-- When accounts last said that they moved.
UPDATE accounts SET moved_at = said.at
  FROM json_to_recordset(%(rows)s::json) AS said (account_id bigint, at timestamptz)
 WHERE accounts.id = said.account_id;

-- hide --
-- Whether local people show whom they follow and who follows them.
UPDATE accounts SET hide_collections = said.hidden
  FROM json_to_recordset(%(rows)s::json) AS said (account_id bigint, hidden boolean)
 WHERE accounts.id = said.account_id;

-- judge --
-- How far some accounts, and all those of some domains, are limited now: by themselves, as accounts, and by the narrowest
-- limit that covers their handle and the one that covers their host. Tells who was suspended before and is not any more,
-- or the other way round.
WITH judged AS (
    SELECT a.id, a.suspended AS was,
           a.self_suspended OR own.suspended OR handle.suspended OR host.suspended AS suspended,
           a.domain IS NOT NULL AND (a.self_suspended OR own.suspended OR handle.suspended) AND NOT host.suspended
           AS shut_out,
           own.limited OR handle.limited OR host.limited AS limited,
           own.sensitized,
           handle.media_rejected OR host.media_rejected AS media_rejected
      FROM accounts a
     CROSS JOIN LATERAL (
           SELECT coalesce(bool_or(r.restriction = 'suspend'), false) AS suspended,
                  coalesce(bool_or(r.restriction = 'silence'), false) AS limited,
                  coalesce(bool_or(r.restriction = 'sensitive'), false) AS sensitized
             FROM restrictions r WHERE r.account_id = a.id AND r.until IS NULL) AS own
     CROSS JOIN LATERAL ({limit_of_handle}) AS handle
     CROSS JOIN LATERAL ({limit_of_host}) AS host
     WHERE a.id = ANY(%(ids)s::bigint[])
        OR a.handle_domains && %(domains)s::text[] OR a.host_domains && %(domains)s::text[])
UPDATE accounts
   SET suspended = judged.suspended, limited = judged.limited, sensitized = judged.sensitized,
       media_rejected = judged.media_rejected, shut_out = judged.shut_out
  FROM judged
 WHERE accounts.id = judged.id
   AND (accounts.suspended, accounts.limited, accounts.sensitized, accounts.media_rejected,
        accounts.shut_out)
       IS DISTINCT FROM (judged.suspended, judged.limited, judged.sensitized, judged.media_rejected,
                         judged.shut_out)
RETURNING accounts.id, judged.was, judged.suspended;

-- limit --
-- The narrowest of the limits of some domains.
SELECT coalesce(bool_or(d.severity = 'suspend'), false) AS suspended,
       coalesce(bool_or(d.severity = 'silence'), false) AS limited,
       coalesce(bool_or(d.severity = 'suspend' OR d.reject_media), false) AS media_rejected
  FROM (SELECT severity, reject_media FROM domain_limits
         WHERE domain = ANY({domains}) AND until IS NULL ORDER BY length(domain) DESC LIMIT 1) AS d

-- delete --
-- Accounts that are gone, and their keys.
WITH gone AS (DELETE FROM account_keys WHERE account_id = ANY(%(ids)s))
DELETE FROM accounts WHERE id = ANY(%(ids)s);
