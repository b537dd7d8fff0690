SELECT * FROM does_not_exist

SELECT no_such_column FROM pg_class

SELECT no_such_function(1)

SELECT 1/0

SELECT 'x'::int

SELECT * FROM pg_class, pg_attribute WHERE oid = 1 AND relnam = 'x'

INSERT INTO pg_class VALUES (1)

SELECT 2147483647 + 1

SELECT (SELECT generate_series(1,2))

DROP TABLE nothing_here

CREATE SCHEMA public
