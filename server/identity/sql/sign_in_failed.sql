-- sign_in_failed: a wrong guess is counted, whether or not such a person exists; wait_s: the name waits, nothing is told.
-- lane: write
-- retry: yes
-- $1 name_hash bytea
-- > wait_s int8
SELECT command.sign_in_failed($1)::int8
