-- trial_divide: fails where the divisor is 0.
-- lane: read
-- $1 divisor int8
-- > quotient int8
SELECT 840 / $1 AS quotient;
