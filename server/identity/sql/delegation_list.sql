-- delegation_list: what a person has delegated and what was delegated to him, not yet over.
-- lane: read
-- $1 session bytea
-- > is_signed_in bool, body json
SELECT me.person IS NOT NULL,
       json_build_object('items', coalesce((
           SELECT json_agg(json_build_object('id', d.id, 'role', g.role, 'agency', g.agency, 'agency_name', a.name,
                                             'from', o.username, 'from_name', o.name,
                                             'delegate', t.username, 'delegate_name', t.name, 'valid_from', motcua.local_time(d.valid_from),
                                             'valid_to', motcua.local_time(d.valid_to), 'ground', d.ground)
                           ORDER BY d.valid_from, d.id)
             FROM motcua.delegation d
             JOIN motcua.role_grant g ON g.id = d.role_grant
             JOIN motcua.agency a ON a.code = g.agency
             JOIN motcua.person o ON o.id = g.person
             JOIN motcua.person t ON t.id = d.delegate
            WHERE (g.person = me.person OR d.delegate = me.person) AND d.ended_at IS NULL AND d.valid_to > now()), '[]'),
           'next', NULL)
  FROM (SELECT motcua.session_person($1) AS person OFFSET 0) me
