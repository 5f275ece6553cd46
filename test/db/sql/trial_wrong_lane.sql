-- trial_wrong_lane: writes where only reading is allowed.
-- lane: read
-- $1 id int8
-- > done void
SELECT command.trial_put($1) AS done;
