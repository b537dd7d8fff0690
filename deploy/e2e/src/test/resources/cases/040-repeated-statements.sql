CREATE TABLE t (a int)

INSERT INTO t VALUES ($1)
--@ parameter 1
--@ repeat 50

SELECT count(*) FROM t
--@ repeat 20

SELECT 1/(count(*) - 50) FROM t
--@ repeat 3
