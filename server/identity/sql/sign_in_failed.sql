-- sign_in_failed: a wrong guess is counted, whether or not such a person exists.
-- lane: write
-- retry: yes
-- $1 name_hash bytea
-- > done text
SELECT command.sign_in_failed($1)::text
