CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, a int, b text DEFAULT 'none')

INSERT INTO t (a) VALUES (1), (2), (3)

INSERT INTO t (a, b) SELECT i, 'many' FROM generate_series(10, 1009) i

UPDATE t SET b = b || '!' WHERE a < 3 RETURNING id, a, b, old.b, new.b

UPDATE t SET a = 0 WHERE false

DELETE FROM t WHERE a > 500

MERGE INTO t USING (VALUES (1, 'merged'), (5000, 'new')) AS s(a, b) ON t.a = s.a WHEN MATCHED THEN UPDATE SET b = s.b WHEN NOT MATCHED THEN INSERT (a, b) VALUES (s.a, s.b) RETURNING merge_action(), t.*

WITH gone AS (DELETE FROM t WHERE a = 2 RETURNING *), put AS (INSERT INTO t (a) SELECT a FROM gone RETURNING id) SELECT gone.a, put.id FROM gone, put

SELECT a, b INTO copied FROM t WHERE a < 12

CREATE TABLE copied_too AS SELECT * FROM copied

SELECT count(*) FROM copied_too

TRUNCATE t RESTART IDENTITY

SELECT * FROM t
