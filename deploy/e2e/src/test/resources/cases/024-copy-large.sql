CREATE TABLE t (a int, b text)

INSERT INTO t SELECT i, md5(i::text) FROM generate_series(1, 50000) i

COPY t TO STDOUT

COPY t TO STDOUT (FORMAT binary)
