-- catalogue_load_as: checked documents, all or nothing, in an administrator's name, if the catalogue is still the one
-- they were checked against.
-- lane: write
-- $1 session bytea, $2 key text, $3 body_hash bytea, $4 epoch int8, $5 documents jsonb, $6 summary text
-- > outcome text, answer text
SELECT c.outcome, c.answer FROM command.catalogue_load_as($1, $2, $3, $4, $5, $6) c
