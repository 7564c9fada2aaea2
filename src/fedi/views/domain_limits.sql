-- everything --
-- What the operator decided about domains.
SELECT id, domain, severity, reject_media, reject_reports, obfuscate, public_comment, private_comment, created_at
  FROM read.domain_limits WHERE until IS NULL ORDER BY domain

-- of_domain --
-- What the operator decided about one domain.
SELECT id, domain, severity, reject_media, reject_reports, obfuscate, public_comment, private_comment, created_at
  FROM read.domain_limits WHERE domain = %(domain)s AND until IS NULL

-- allowed --
-- The domains that were let in.
SELECT domain FROM read.domain_allows ORDER BY domain

-- known --
-- How many accounts are known of a domain and below, and how many follows there are between them and people here.
WITH there AS (SELECT id FROM read.accounts
                WHERE handle_domains && ARRAY[%(domain)s::text] OR host_domains && ARRAY[%(domain)s::text])
SELECT (SELECT count(*) FROM there) AS accounts,
       (SELECT count(*) FROM read.follows f
          JOIN read.accounts here ON here.id = f.account_id AND here.domain IS NULL
         WHERE f.target_id IN (SELECT id FROM there) AND f.accepted)
       + (SELECT count(*) FROM read.follows f
            JOIN read.accounts here ON here.id = f.target_id AND here.domain IS NULL
           WHERE f.account_id IN (SELECT id FROM there) AND f.accepted) AS follows
