-- ledger_newest: the newest checkpoint with what witnesses have added. No row: none yet.
-- lane: read
-- > note text
SELECT c.note || coalesce((SELECT string_agg(s.line, '' ORDER BY s.name) FROM motcua.ledger_cosignature s
                            WHERE s.size = c.size), '') AS note
  FROM motcua.ledger_ckpt c ORDER BY c.size DESC LIMIT 1
