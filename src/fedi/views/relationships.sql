-- between --
-- How the reader stands to each of some accounts.
SELECT target.id,
       coalesce(own.accepted, false) AS following,
       coalesce(own.boosts, false) AS boosts,
       coalesce(own.notify, false) AS notify,
       CASE WHEN own.languages <> '{}' THEN own.languages END AS languages,
       coalesce(NOT own.accepted, false) AS requested,
       coalesce(theirs.accepted, false) AS followed_by,
       coalesce(NOT theirs.accepted, false) AS requested_by,
       EXISTS (SELECT FROM read.blocks WHERE account_id = %(viewer)s AND target_id = target.id) AS blocking,
       EXISTS (SELECT FROM read.blocks WHERE account_id = target.id AND target_id = %(viewer)s) AS blocked_by,
       mute.account_id IS NOT NULL AS muting,
       coalesce(mute.notifications, false) AS muting_notifications,
       mute.expires_at AS muting_expires_at,
       EXISTS (SELECT FROM read.domain_blocks WHERE account_id = %(viewer)s AND domain = target.domain) AS domain_blocking,
       EXISTS (SELECT FROM read.endorsements WHERE account_id = %(viewer)s AND target_id = target.id) AS endorsed,
       coalesce(note.comment, '') AS note
  FROM read.accounts target
  LEFT JOIN read.follows own ON own.account_id = %(viewer)s AND own.target_id = target.id
  LEFT JOIN read.follows theirs ON theirs.account_id = target.id AND theirs.target_id = %(viewer)s
  LEFT JOIN read.mutes mute ON mute.account_id = %(viewer)s AND mute.target_id = target.id
                           AND (mute.expires_at IS NULL OR mute.expires_at > now())
  LEFT JOIN read.notes note ON note.account_id = %(viewer)s AND note.target_id = target.id
 WHERE target.id = ANY(%(ids)s::bigint[])
