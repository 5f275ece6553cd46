-- trial_conflict_once: a serialization failure at each first try.
-- lane: write
-- retry: yes
-- > tries int8
SELECT command.trial_conflict() AS tries;
