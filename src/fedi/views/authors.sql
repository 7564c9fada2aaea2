-- author --
-- An account as it is shown, and what else its next post depends on.
SELECT shown.*, a.followers_uri, a.featured_uri, login.preferences, app.name AS app_name, app.website AS app_website,
       v.position AS filters_version
  FROM ({load}) AS shown
  JOIN read.accounts a ON a.id = shown.id
  LEFT JOIN registry.users login ON login.account_id = shown.id
  LEFT JOIN registry.apps app ON app.id = %(app_id)s::bigint
  LEFT JOIN read.filter_versions v ON v.account_id = shown.id
