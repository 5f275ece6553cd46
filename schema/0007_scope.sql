-- The same rule of visibility as motcua.roles_on(), turned round for lists: from a person to the dossiers he may see,
-- each grant by an index of its own, so that a page costs the same however many there are. test/path proves both equal.

-- One row a unit in which a person sees dossiers, and by which of their columns: R receiving, P processing,
-- C competent, M everything below.
CREATE FUNCTION motcua.scopes_of(p_person bigint) RETURNS TABLE (scope text, agency text)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 3 AS $$
    SELECT DISTINCT CASE WHEN g.role IN ('receiver', 'return_clerk') THEN 'R'
                         WHEN g.role IN ('handler', 'dept_head') THEN 'P'
                         WHEN g.role IN ('leader', 'records_clerk') THEN 'C'
                         ELSE 'M' END, g.agency
      FROM motcua.grants_of(p_person) g
     WHERE g.role <> 'administrator'
$$;

-- The next dossiers in the order (due_order, id) behind (p_due, p_id), at most p_limit of each scope; the caller
-- removes doubles, sorts and cuts. NULL filters do not filter.
CREATE FUNCTION motcua.visible_after(p_person bigint, p_due timestamptz, p_id bigint, p_limit integer,
                                     p_is_closed boolean, p_state text, p_agency text, p_handler text,
                                     p_procedure text, p_due_before timestamptz)
RETURNS TABLE (id bigint, due_order timestamptz)
LANGUAGE sql STABLE ROWS 100 AS $$
    WITH closed AS (SELECT c FROM (VALUES (false), (true)) v(c) WHERE p_is_closed IS NULL OR c = p_is_closed),
         wanted AS (SELECT (SELECT p.id FROM motcua.person p WHERE p.username = p_handler) AS handler,
                           (SELECT array_agg(v.id) FROM motcua.procedure_version v WHERE v.code = p_procedure) AS versions),
         asked AS ( -- a monitor who asks for one agency needs no more than that agency's own indices; `below` keeps him
                    -- to what was received in his own subtree, whoever processes or decides it
             SELECT s.scope, s.agency, NULL AS below FROM motcua.scopes_of(p_person) s WHERE s.scope <> 'M' OR p_agency IS NULL
             UNION
             SELECT x.scope, p_agency, s.agency
               FROM motcua.scopes_of(p_person) s, (VALUES ('R'), ('P'), ('C')) x(scope)
              WHERE s.scope = 'M' AND p_agency IS NOT NULL)
    SELECT f.id, f.due_order
      FROM asked s CROSS JOIN closed k CROSS JOIN wanted w CROSS JOIN LATERAL (
        (SELECT d.id, d.due_order FROM motcua.dossier d
          WHERE s.scope = 'R' AND d.receiving_unit = s.agency AND d.is_closed = k.c
            AND (s.below IS NULL OR EXISTS (SELECT FROM motcua.agency_closure a
                                             WHERE a.ancestor = s.below AND a.agency = d.receiving_unit))
            AND (d.due_order, d.id) > (p_due, p_id) AND (p_state IS NULL OR d.state = p_state)
            AND (p_agency IS NULL OR p_agency IN (d.receiving_unit, d.processing_unit, d.competent_agency))
            AND (p_handler IS NULL OR d.handler = w.handler) AND (p_procedure IS NULL OR d.procedure_version = ANY (w.versions))
            AND (p_due_before IS NULL OR d.due_order < p_due_before)
          ORDER BY d.due_order, d.id LIMIT p_limit)
        UNION ALL
        (SELECT d.id, d.due_order FROM motcua.dossier d
          WHERE s.scope = 'P' AND d.processing_unit = s.agency AND d.is_closed = k.c
            AND (s.below IS NULL OR EXISTS (SELECT FROM motcua.agency_closure a
                                             WHERE a.ancestor = s.below AND a.agency = d.receiving_unit))
            AND (d.due_order, d.id) > (p_due, p_id) AND (p_state IS NULL OR d.state = p_state)
            AND (p_agency IS NULL OR p_agency IN (d.receiving_unit, d.processing_unit, d.competent_agency))
            AND (p_handler IS NULL OR d.handler = w.handler) AND (p_procedure IS NULL OR d.procedure_version = ANY (w.versions))
            AND (p_due_before IS NULL OR d.due_order < p_due_before)
          ORDER BY d.due_order, d.id LIMIT p_limit)
        UNION ALL
        (SELECT d.id, d.due_order FROM motcua.dossier d
          WHERE s.scope = 'C' AND d.competent_agency = s.agency AND d.is_closed = k.c
            AND (s.below IS NULL OR EXISTS (SELECT FROM motcua.agency_closure a
                                             WHERE a.ancestor = s.below AND a.agency = d.receiving_unit))
            AND (d.due_order, d.id) > (p_due, p_id) AND (p_state IS NULL OR d.state = p_state)
            AND (p_agency IS NULL OR p_agency IN (d.receiving_unit, d.processing_unit, d.competent_agency))
            AND (p_handler IS NULL OR d.handler = w.handler) AND (p_procedure IS NULL OR d.procedure_version = ANY (w.versions))
            AND (p_due_before IS NULL OR d.due_order < p_due_before)
          ORDER BY d.due_order, d.id LIMIT p_limit)
        UNION ALL
        (SELECT d.id, d.due_order FROM motcua.dossier d
          WHERE s.scope = 'M' AND d.is_closed = k.c
            AND EXISTS (SELECT FROM motcua.agency_closure a WHERE a.ancestor = s.agency AND a.agency = d.receiving_unit)
            AND (d.due_order, d.id) > (p_due, p_id) AND (p_state IS NULL OR d.state = p_state)
            AND (p_handler IS NULL OR d.handler = w.handler) AND (p_procedure IS NULL OR d.procedure_version = ANY (w.versions))
            AND (p_due_before IS NULL OR d.due_order < p_due_before)
          ORDER BY d.due_order, d.id LIMIT p_limit)
        UNION ALL
        (SELECT d.id, d.due_order FROM motcua.work q JOIN motcua.dossier d ON d.id = q.dossier
          WHERE s.scope IN ('R', 'P', 'C') AND s.below IS NULL AND q.holder_unit = s.agency AND q.is_guest AND NOT k.c
            AND (d.due_order, d.id) > (p_due, p_id) AND (p_state IS NULL OR d.state = p_state)
            AND (p_agency IS NULL OR p_agency IN (d.receiving_unit, d.processing_unit, d.competent_agency))
            AND (p_handler IS NULL OR d.handler = w.handler) AND (p_procedure IS NULL OR d.procedure_version = ANY (w.versions))
            AND (p_due_before IS NULL OR d.due_order < p_due_before)
          ORDER BY d.due_order, d.id LIMIT p_limit)) f
$$;
