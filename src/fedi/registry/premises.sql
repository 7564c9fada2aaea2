-- fallen --
-- Units whose token, or the login behind it, is not the very row any more that it was when somebody read it.
SELECT array_agg(given.unit)
  FROM unnest($8::integer[], $9::bigint[], $10::bigint[], $11::bigint[])
       AS given (unit, token_id, token_version, user_version)
 WHERE NOT EXISTS (
       SELECT FROM registry.tokens AS token
         JOIN registry.users AS login ON login.id = token.user_id
        WHERE token.id = given.token_id
          AND token.xmin::text::bigint = given.token_version
          AND login.xmin::text::bigint = given.user_version)
