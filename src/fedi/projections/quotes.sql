-- create --
-- What quotes what. A quote stands from the entry `since` to the entry `until`; `gone` ones were edited away.
CREATE TABLE quotes (
    status_id bigint NOT NULL,
    account_id bigint NOT NULL,
    quoted_uri text NOT NULL,
    quoted_id bigint,
    quoted_account_id bigint,
    state text NOT NULL,
    stamp text NOT NULL,
    since bigint,
    until bigint,
    gone boolean NOT NULL,
    PRIMARY KEY (status_id, quoted_uri)
);
CREATE INDEX quotes_quoted ON quotes (quoted_id, status_id DESC) WHERE quoted_id IS NOT NULL;
CREATE INDEX quotes_account ON quotes (account_id);
CREATE INDEX quotes_quoted_account ON quotes (quoted_account_id) WHERE quoted_account_id IS NOT NULL;
CREATE TABLE quote_stamps (
    uri text PRIMARY KEY,
    account_id bigint NOT NULL,
    quote_uri text NOT NULL,
    quoted_uri text NOT NULL
);

-- concerned --
-- Which of some posts quote, or are quoted.
SELECT status_id FROM quotes WHERE status_id = ANY(%(ids)s)
 UNION ALL
SELECT quoted_id FROM quotes WHERE quoted_id = ANY(%(ids)s);

-- quote --
-- Posts that quote something; one that quoted it before, and something else since, has to be allowed to anew.
INSERT INTO quotes (status_id, account_id, quoted_uri, state, stamp, gone)
SELECT status_id, account_id, quoted_uri, 'pending', '', false
  FROM json_to_recordset(%(rows)s::json) AS given (status_id bigint, account_id bigint, quoted_uri text)
    ON CONFLICT (status_id, quoted_uri) DO UPDATE SET state = 'pending', stamp = '', gone = false WHERE quotes.gone;

-- unquote --
-- Posts that no longer quote what they did.
UPDATE quotes
   SET gone = true, until = CASE WHEN state = 'accepted' THEN given.entry ELSE until END
  FROM json_to_recordset(%(rows)s::json) AS given (status_id bigint, quoted_uri text, entry bigint)
 WHERE quotes.status_id = given.status_id AND quotes.quoted_uri <> given.quoted_uri AND NOT quotes.gone;

-- link --
-- What is quoted is known.
UPDATE quotes SET quoted_id = given.quoted_id, quoted_account_id = given.quoted_account_id
  FROM json_to_recordset(%(rows)s::json)
       AS given (status_id bigint, quoted_uri text, quoted_id bigint, quoted_account_id bigint)
 WHERE quotes.status_id = given.status_id AND quotes.quoted_uri = given.quoted_uri;

-- accept --
-- Quotes that the quoted allow.
UPDATE quotes SET state = 'accepted', stamp = given.stamp, since = given.entry, until = NULL
  FROM json_to_recordset(%(rows)s::json) AS given (status_id bigint, quoted_id bigint, stamp text, entry bigint)
 WHERE quotes.status_id = given.status_id AND quotes.quoted_id = given.quoted_id
   AND NOT gone AND state <> 'accepted';

-- finish --
-- Quotes that the quoted do not allow, or no longer.
UPDATE quotes SET state = given.state, stamp = '', until = given.entry
  FROM json_to_recordset(%(rows)s::json) AS given (status_id bigint, quoted_id bigint, state text, entry bigint)
 WHERE quotes.status_id = given.status_id AND quotes.quoted_id = given.quoted_id AND NOT gone;

-- delete_status --
-- Posts that are gone, and the quotes of them.
WITH given AS (
    SELECT * FROM json_to_recordset(%(rows)s::json) AS given (status_id bigint, entry bigint)
), quoted AS (
    UPDATE quotes SET state = 'deleted', until = given.entry
      FROM given
     WHERE quotes.quoted_id = given.status_id AND state = 'accepted' AND NOT gone
       AND quotes.status_id NOT IN (SELECT status_id FROM given)
)
DELETE FROM quotes USING given WHERE quotes.status_id = given.status_id;

-- delete_account --
-- All of accounts that are gone.
WITH given AS (
    SELECT * FROM json_to_recordset(%(rows)s::json) AS given (account_id bigint, entry bigint)
), quoted AS (
    UPDATE quotes SET state = 'deleted', until = given.entry
      FROM given
     WHERE quotes.quoted_account_id = given.account_id AND state = 'accepted' AND NOT gone
       AND quotes.account_id NOT IN (SELECT account_id FROM given)
)
DELETE FROM quotes USING given WHERE quotes.account_id = given.account_id;

-- stamp --
-- Stamps that local authors gave.
INSERT INTO quote_stamps (uri, account_id, quote_uri, quoted_uri)
SELECT uri, account_id, quote_uri, quoted_uri
  FROM json_populate_recordset(NULL::quote_stamps, %(rows)s::json)
    ON CONFLICT DO NOTHING;

-- revoke --
-- Stamps that they took back.
DELETE FROM quote_stamps USING json_to_recordset(%(rows)s::json) AS given (uri text) WHERE quote_stamps.uri = given.uri;
