-- rules --
-- What the operator decided about domains.
SELECT domain, severity, reject_media, reject_reports FROM read.domain_limits WHERE until IS NULL

-- lists --
-- Domains that may come in where only those may that are named; people elsewhere who are suspended by themselves;
-- and hosts that are relays.
SELECT ARRAY(SELECT domain FROM read.domain_allows) AS allowed,
       ARRAY(SELECT uri FROM read.accounts WHERE shut_out) AS shut_out,
       ARRAY(SELECT host FROM read.relays WHERE state = 'accepted') AS relays
