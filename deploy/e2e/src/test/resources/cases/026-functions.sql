CREATE FUNCTION add(a int, b int DEFAULT 5) RETURNS int LANGUAGE sql AS 'SELECT a + b'

SELECT add(1), add(1, 2), add(b => 1, a => 2)

CREATE FUNCTION two(OUT a int, OUT b text) LANGUAGE plpgsql AS $$ BEGIN a := 1; b := 'x'; RAISE NOTICE 'inside two'; END $$

SELECT two(), (two()).*

SELECT * FROM two()

CREATE FUNCTION many(n int) RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN FOR i IN 1..n LOOP RETURN NEXT 'row ' || i; END LOOP; END $$

SELECT * FROM many(3)

CREATE FUNCTION failing() RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM 1/0; END $$

SELECT failing()

CREATE FUNCTION broken() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETRUN 1; END $$

CREATE PROCEDURE proc(INOUT a int) LANGUAGE plpgsql AS $$ BEGIN a := a * 2; COMMIT; RAISE NOTICE 'committed'; END $$

CALL proc(21)

BEGIN

CALL proc(21)

ROLLBACK

SELECT count(*) OVER (), sum(i) OVER (ORDER BY i) FROM generate_series(1, 3) i
