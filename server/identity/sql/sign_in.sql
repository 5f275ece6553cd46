-- sign_in: the password was right: a session, or (wait_s) others have guessed wrong meanwhile and nothing is told. No
-- row: the person was locked out meanwhile.
-- lane: write
-- retry: yes
-- $1 name_hash bytea, $2 person int8, $3 session bytea, $4 lifetime_s int8, $5 idle_s int8
-- > expires_at int8, name text, grants json, wait_s int8
SELECT extract(epoch FROM s.expires_at)::int8, s.name, s.grants, s.wait_s::int8
  FROM command.sign_in($1, $2, $3, $4, $5) s
