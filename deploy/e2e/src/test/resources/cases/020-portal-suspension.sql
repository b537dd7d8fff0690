SELECT i, repeat('x', i) FROM generate_series(1, 5) i
--@ rows 2

SELECT i FROM generate_series(1, 2) i
--@ rows 2

SELECT 1/(3-i) FROM generate_series(1, 6) i
--@ rows 1

CREATE TABLE t (a int)

INSERT INTO t SELECT generate_series(1, 5) RETURNING a
--@ rows 2

SELECT count(*) FROM t

SELECT
--@ rows 1
