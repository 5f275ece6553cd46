-- trial_put_same: adds a row whose label another has, which shows only at the commit.
-- lane: write
-- $1 id int8, $2 label text
-- > done void
SELECT command.trial_put_same($1, $2) AS done;
