-- rules --
-- Whether `viewer` reads `status` at home; `follow` is the viewer's follow of its author, `original` what it boosts.
(status.account_id = viewer.id
    OR (follow.account_id IS NOT NULL
        AND (status.boost_of_id IS NULL OR follow.boosts)
        AND (cardinality(follow.languages) = 0
             OR coalesce(original.language, status.language) = ANY(follow.languages || ARRAY[''])))
    OR (status.visibility = 'public' AND status.boost_of_id IS NULL AND cardinality(status.tags) > 0
        AND EXISTS (SELECT FROM followed_tags AS tag
                     WHERE tag.account_id = viewer.id AND tag.name = ANY(status.tags))))
AND (status.account_id = viewer.id OR status.boost_of_id IS NOT NULL OR status.in_reply_to_uri = ''
     OR status.in_reply_to_account_id IN (viewer.id, status.account_id)
     OR EXISTS (SELECT FROM follows AS known
                 WHERE known.account_id = viewer.id AND known.target_id = status.in_reply_to_account_id
                   AND known.accepted))
AND (status.visibility <> 'direct' OR status.account_id = viewer.id
     OR EXISTS (SELECT FROM status_mentions AS named
                 WHERE named.status_id = status.id AND named.account_id = viewer.id))
AND NOT EXISTS (SELECT FROM blocks AS block
                 WHERE block.account_id = viewer.id
                   AND block.target_id IN (status.account_id, status.boost_of_account_id))
AND NOT EXISTS (SELECT FROM blocks AS block
                 WHERE block.target_id = viewer.id
                   AND block.account_id IN (status.account_id, status.boost_of_account_id))
AND NOT EXISTS (SELECT FROM mutes AS mute
                 WHERE mute.account_id = viewer.id
                   AND mute.target_id IN (status.account_id, status.boost_of_account_id))
AND NOT EXISTS (SELECT FROM domain_blocks AS away
                  JOIN accounts AS person ON person.domain = away.domain
                 WHERE away.account_id = viewer.id
                   AND person.id IN (status.account_id, status.boost_of_account_id) OFFSET 0)
AND NOT EXISTS (SELECT FROM accounts AS person
                 WHERE person.suspended AND person.id IN (status.account_id, status.boost_of_account_id) OFFSET 0)
AND (status.account_id = viewer.id
     OR NOT EXISTS (SELECT FROM status_mentions AS named
                     WHERE named.status_id = coalesce(status.boost_of_id, status.id) AND NOT named.silent
                       AND (EXISTS (SELECT FROM blocks AS block
                                     WHERE block.account_id = viewer.id AND block.target_id = named.account_id)
                            OR EXISTS (SELECT FROM mutes AS mute
                                        WHERE mute.account_id = viewer.id AND mute.target_id = named.account_id))))
AND (status.account_id = viewer.id
     OR NOT EXISTS (SELECT FROM list_accounts AS member JOIN lists AS list ON list.id = member.list_id
                     WHERE member.account_id = status.account_id AND list.account_id = viewer.id AND list.exclusive))
AND NOT (status.boost_of_id IS NOT NULL AND status.account_id <> viewer.id AND EXISTS (
        SELECT FROM (SELECT id, account_id, entry, boost_of_id FROM statuses WHERE id = status.boost_of_id
                      UNION ALL
                     SELECT id, account_id, entry, boost_of_id FROM statuses WHERE boost_of_id = status.boost_of_id
                    ) AS before
         WHERE before.entry < status.entry
           AND before.id BETWEEN status.id - 86400000::bigint * 65536 AND status.id + 86400000::bigint * 65536
           AND (before.account_id = viewer.id
                OR EXISTS (SELECT FROM follows AS source
                            WHERE source.account_id = viewer.id AND source.target_id = before.account_id
                              AND source.accepted AND (before.boost_of_id IS NULL OR source.boosts)))))

-- timeline_function --
-- Home, defined once. A boost is shown unless the same post reached the viewer within a day of it.
CREATE FUNCTION {name}(viewer_id bigint, below bigint, above bigint, count integer)
RETURNS TABLE (id bigint) STABLE LANGUAGE sql BEGIN ATOMIC
SELECT found.id
  FROM (SELECT page.id
          FROM (SELECT viewer_id AS id) AS viewer
         CROSS JOIN LATERAL (SELECT viewer.id
                              UNION ALL
                             SELECT target_id FROM follows WHERE account_id = viewer.id AND accepted) AS author (id)
         CROSS JOIN LATERAL (SELECT status.id
                               FROM statuses AS status
                               LEFT JOIN follows AS follow ON follow.account_id = viewer.id
                                     AND follow.target_id = status.account_id AND follow.accepted
                               LEFT JOIN statuses AS original ON original.id = status.boost_of_id
                              WHERE status.account_id = author.id
                                AND status.id < below AND status.id > above
                                AND {rules}
                              ORDER BY status.id {order} LIMIT count) AS page
         UNION
        SELECT page.id
          FROM (SELECT viewer_id AS id) AS viewer
          JOIN followed_tags AS wanted ON wanted.account_id = viewer.id
         CROSS JOIN LATERAL (SELECT status.id
                               FROM status_tags AS tagged
                               JOIN statuses AS status ON status.id = tagged.status_id
                               LEFT JOIN follows AS follow ON follow.account_id = viewer.id
                                     AND follow.target_id = status.account_id AND follow.accepted
                               LEFT JOIN statuses AS original ON original.id = status.boost_of_id
                              WHERE tagged.name = wanted.name
                                AND status.id < below AND status.id > above
                                AND {rules}
                              ORDER BY status.id {order} LIMIT count) AS page) AS found
 ORDER BY found.id {order}
 LIMIT count;
END;

-- readers_function --
-- Who of some readers reads some statuses at home: by the same rules.
CREATE FUNCTION home_readers(ids bigint[], readers bigint[])
RETURNS TABLE (viewer_id bigint, status_id bigint) STABLE LANGUAGE sql BEGIN ATOMIC
SELECT viewer.id, status.id
  FROM statuses AS status
 CROSS JOIN LATERAL (SELECT account_id FROM follows
                      WHERE target_id = status.account_id AND accepted AND account_id = ANY(home_readers.readers)
                      UNION
                     SELECT status.account_id WHERE status.account_id = ANY(home_readers.readers)
                      UNION
                     SELECT account_id FROM followed_tags
                      WHERE name = ANY(status.tags) AND account_id = ANY(home_readers.readers)) AS viewer (id)
  LEFT JOIN follows AS follow ON follow.account_id = viewer.id
        AND follow.target_id = status.account_id AND follow.accepted
  LEFT JOIN statuses AS original ON original.id = status.boost_of_id
 WHERE status.id = ANY(home_readers.ids)
   AND {rules};
END;

-- audience --
-- Who of some readers reads which of some statuses at home; which lists show them, by their members and their rule for
-- replies; and whose those are, in which language, that all read alike who read their author.
SELECT 'reader', status_id, viewer_id, '' FROM home_readers(%(ids)s::bigint[], %(readers)s::bigint[])
 UNION ALL
SELECT 'author', status.id, status.account_id, status.language
  FROM statuses AS status
 WHERE status.id = ANY(%(ids)s::bigint[]) AND status.boost_of_id IS NULL AND status.in_reply_to_uri = ''
   AND status.visibility <> 'direct' AND cardinality(status.tags) = 0
   AND NOT EXISTS (SELECT FROM status_mentions AS named WHERE named.status_id = status.id)
 UNION ALL
SELECT 'list', status.id, member.list_id, ''
  FROM statuses AS status
  JOIN list_accounts AS member ON member.account_id = status.account_id
  JOIN lists AS list ON list.id = member.list_id
 WHERE status.id = ANY(%(ids)s::bigint[]) AND status.visibility <> 'direct'
   AND (status.boost_of_id IS NOT NULL OR status.in_reply_to_uri = ''
        OR status.in_reply_to_account_id IN (list.account_id, status.account_id)
        OR (list.replies_policy = 'list'
            AND EXISTS (SELECT FROM list_accounts AS other
                         WHERE other.list_id = list.id AND other.account_id = status.in_reply_to_account_id))
        OR (list.replies_policy = 'followed'
            AND EXISTS (SELECT FROM follows
                         WHERE follows.account_id = list.account_id AND follows.accepted
                           AND follows.target_id = status.in_reply_to_account_id)));

-- timeline --
-- The newest ids of a home timeline above one.
SELECT id FROM home_timeline(%(viewer)s, 9223372036854775807, %(above)s, %(count)s);

-- recent --
-- The id above which those whom somebody follows said at least so much, if they did: told by the latest of each.
SELECT latest.id
  FROM (SELECT target_id FROM follows WHERE account_id = %(viewer)s AND accepted) AS author (id)
 CROSS JOIN LATERAL (SELECT id FROM statuses WHERE account_id = author.id ORDER BY id DESC LIMIT %(each)s) AS latest
 ORDER BY latest.id DESC OFFSET %(said)s LIMIT 1;

-- concerned --
-- Who of some readers may read at home what some accounts post: as followers, of who boosted them too, or by a hashtag.
SELECT f.account_id FROM follows AS f
 WHERE f.target_id = ANY(%(ids)s::bigint[]) AND f.account_id = ANY(%(readers)s::bigint[]) AND f.accepted
 UNION
SELECT f.account_id
  FROM statuses AS status
  JOIN statuses AS boost ON boost.boost_of_id = status.id
  JOIN follows AS f ON f.target_id = boost.account_id AND f.account_id = ANY(%(readers)s::bigint[]) AND f.accepted
 WHERE status.account_id = ANY(%(ids)s::bigint[])
 UNION
SELECT tag.account_id
  FROM statuses AS status
  JOIN followed_tags AS tag ON tag.name = ANY(status.tags) AND tag.account_id = ANY(%(readers)s::bigint[])
 WHERE status.account_id = ANY(%(ids)s::bigint[]);

-- lists_of --
-- The lists that show what some accounts post.
SELECT member.list_id, member.account_id
  FROM list_accounts AS member
  JOIN lists AS list ON list.id = member.list_id
 WHERE member.account_id = ANY(%(ids)s::bigint[])
   AND (member.account_id = list.account_id
        OR EXISTS (SELECT FROM follows WHERE follows.account_id = list.account_id
                      AND follows.target_id = member.account_id AND follows.accepted));
