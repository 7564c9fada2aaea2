-- authors --
-- Accounts as they are shown, and what else their next posts depend on, each with the app that it writes with.
SELECT coalesce(json_agg(author), '[]')::text
  FROM (
SELECT shown.*, a.followers_uri, a.featured_uri, login.preferences,
       login.xmin::text::bigint AS user_version,
       asked.app_id, app.name AS app_name, app.website AS app_website, v.position AS filters_version
  FROM unnest(%(ids)s::bigint[], %(app_ids)s::bigint[]) AS asked (account_id, app_id)
  JOIN ({load}) AS shown ON shown.id = asked.account_id
  JOIN read.accounts a ON a.id = shown.id
  LEFT JOIN registry.users login ON login.account_id = shown.id
  LEFT JOIN registry.apps app ON app.id = asked.app_id
  LEFT JOIN read.filter_versions v ON v.account_id = shown.id
  ) AS author
