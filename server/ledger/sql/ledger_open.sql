-- ledger_open: takes the log over, and says how far it is. One row.
-- lane: write
-- $1 origin text
-- > origin text, epoch int8, size int8
SELECT o.origin, o.epoch, o.size FROM command.ledger_open($1) o
