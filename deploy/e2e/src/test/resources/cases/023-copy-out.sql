CREATE TABLE t (a int, b text, c numeric)

INSERT INTO t SELECT i, CASE WHEN i % 3 = 0 THEN NULL ELSE E'text\t' || i END, i / 7.0 FROM generate_series(1, 20) i

COPY t TO STDOUT

COPY t (b, a) TO STDOUT WITH (FORMAT csv, HEADER, FORCE_QUOTE *)

COPY (SELECT a, c FROM t WHERE a < 4) TO STDOUT

COPY (SELECT 1/(5-a) FROM t) TO STDOUT

COPY (INSERT INTO t VALUES (99) RETURNING a) TO STDOUT

COPY t FROM STDIN; SELECT 1
--@ copy 100\tx\t1

COPY t TO '/nonexistent/file'
