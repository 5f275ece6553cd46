-- recount_take: the change of the calendar to be worked at next, held for half a minute; no row: none, or others have it.
-- lane: write
-- $1 owner text
-- > id int8, state text, calendar text, agency text, days text, source text, reverses int8, epoch int8, reached int8, epoch_now int8
SELECT t.id, t.state, t.calendar, t.agency, t.days::text, t.document, t.reverses, t.epoch, t.reached,
       (SELECT e.epoch FROM motcua.catalogue_epoch e)
  FROM command.recount_take($1, '30 seconds') t
