-- trial_conflict: a serialization failure at each first try, and may not be asked again.
-- lane: write
-- > tries int8
SELECT command.trial_conflict() AS tries;
