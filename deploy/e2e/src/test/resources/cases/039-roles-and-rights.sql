DROP ROLE IF EXISTS e2e_reader

CREATE ROLE e2e_reader PASSWORD 'secret'

CREATE TABLE t (a int)

SET ROLE e2e_reader

SELECT current_user, session_user

SELECT * FROM t

RESET ROLE

GRANT USAGE ON SCHEMA public TO e2e_reader; GRANT SELECT ON t TO e2e_reader

SET ROLE e2e_reader

SELECT * FROM t

INSERT INTO t VALUES (1)

RESET ROLE

REVOKE ALL ON t FROM e2e_reader

DROP OWNED BY e2e_reader

DROP ROLE e2e_reader
