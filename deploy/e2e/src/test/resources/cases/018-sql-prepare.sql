CREATE TABLE t (a int, b text)

PREPARE ins (int, text) AS INSERT INTO t VALUES ($1, $2) RETURNING *

EXECUTE ins(1, 'one')

EXECUTE ins(2, NULL)

EXECUTE ins(1)

EXECUTE ins('x', 'y')

PREPARE ins AS SELECT 1

PREPARE q AS SELECT * FROM t WHERE a = $1

EXECUTE q(1)

EXECUTE missing

EXPLAIN (COSTS OFF) EXECUTE q(1)

SELECT name, statement, parameter_types::text FROM pg_prepared_statements WHERE name <> '' ORDER BY name

DEALLOCATE q

EXECUTE q(1)

DEALLOCATE ALL

EXECUTE ins(3, 'three')

SELECT * FROM t ORDER BY a
