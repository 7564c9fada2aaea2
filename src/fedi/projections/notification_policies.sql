-- create --
-- What is to become of notifications from strangers. Who never said has no row: the defaults are in notification_rules.py.
CREATE TABLE notification_policies (
    account_id bigint PRIMARY KEY,
    not_following text NOT NULL,
    not_followers text NOT NULL,
    new_accounts text NOT NULL,
    private_mentions text NOT NULL,
    limited_accounts text NOT NULL,
    bots text NOT NULL
);

-- load --
-- The wishes of some people.
SELECT account_id, not_following, not_followers, new_accounts, private_mentions, limited_accounts, bots
  FROM notification_policies WHERE account_id = ANY(%(ids)s::bigint[]);

-- save --
-- Wishes as they are now.
INSERT INTO notification_policies SELECT * FROM json_populate_recordset(NULL::notification_policies, %(rows)s::json)
    ON CONFLICT (account_id) DO UPDATE
   SET not_following = excluded.not_following, not_followers = excluded.not_followers,
       new_accounts = excluded.new_accounts, private_mentions = excluded.private_mentions,
       limited_accounts = excluded.limited_accounts, bots = excluded.bots;

-- forget --
-- The wishes of people who are gone.
DELETE FROM notification_policies WHERE account_id = ANY(%(ids)s::bigint[]);

-- standings --
-- How senders stood to receivers at positions in the log, and whether they were limited then: follows and limits that have
-- ended since tell from when to when they stood.
SELECT asked.id,
       EXISTS (SELECT FROM follows AS f
                WHERE f.account_id = asked.account_id AND f.target_id = asked.from_account_id
                  AND f.since <= asked.position)
       OR EXISTS (SELECT FROM past_follows AS f
                   WHERE f.account_id = asked.account_id AND f.target_id = asked.from_account_id
                     AND f.since <= asked.position AND f.until > asked.position) AS followed,
       coalesce(
           (SELECT f.since_at FROM follows AS f
             WHERE f.account_id = asked.from_account_id AND f.target_id = asked.account_id
               AND f.since <= asked.position),
           (SELECT f.since_at FROM past_follows AS f
             WHERE f.account_id = asked.from_account_id AND f.target_id = asked.account_id
               AND f.since <= asked.position AND f.until > asked.position)
       ) AS follows_since,
       accounts.created_at,
       EXISTS (SELECT FROM restrictions AS r
                WHERE r.account_id = asked.from_account_id AND r.restriction = 'silence' AND r.since <= asked.position
                  AND (r.until IS NULL OR r.until > asked.position))
       OR coalesce((SELECT d.severity FROM domain_limits AS d
                     WHERE d.domain = ANY(accounts.handle_domains) AND d.since <= asked.position
                       AND (d.until IS NULL OR d.until > asked.position)
                     ORDER BY length(d.domain) DESC LIMIT 1) = 'silence', false)
       OR coalesce((SELECT d.severity FROM domain_limits AS d
                     WHERE d.domain = ANY(accounts.host_domains) AND d.since <= asked.position
                       AND (d.until IS NULL OR d.until > asked.position)
                     ORDER BY length(d.domain) DESC LIMIT 1) = 'silence', false) AS limited
  FROM json_to_recordset(%(rows)s::json)
       AS asked (id bigint, account_id bigint, from_account_id bigint, position bigint)
  JOIN accounts ON accounts.id = asked.from_account_id;

-- limiting --
-- Whether anybody was ever limited, alone or with a domain.
SELECT EXISTS (SELECT FROM domain_limits WHERE severity = 'silence')
       OR EXISTS (SELECT FROM restrictions WHERE restriction = 'silence');
