-- trial_pair: two columns of one type, whose order nothing but their names tells, and one without a name.
-- lane: read
-- > a int4, b int4, sum int4
SELECT trial_pair.*, 1 + 1 FROM motcua.trial_pair;
