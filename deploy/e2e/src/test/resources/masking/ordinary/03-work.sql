-- SPDX-License-Identifier: Apache-2.0

### write-1 | writes
BEGIN

INSERT INTO people (id, name, ssn) VALUES (10, 'New', '123-45-6789')

ROLLBACK

### write-2 | writes
BEGIN

INSERT INTO people (id, name) VALUES (10, 'New') RETURNING id, name

SELECT id, name FROM people WHERE id = 10

ROLLBACK

### write-3 | writes
BEGIN

UPDATE people SET name = 'X' WHERE id = 3

ROLLBACK

### write-4 | writes
BEGIN

UPDATE people SET name = upper(name) RETURNING id, name

ROLLBACK

### write-5 | writes
BEGIN

UPDATE people SET ssn = '111-11-1111' WHERE id = 3

ROLLBACK

### write-6 | writes
BEGIN

UPDATE people SET ssn = NULL, card = '4111111111111111' WHERE id = 3

ROLLBACK

### write-7 | writes
BEGIN

DELETE FROM orders WHERE person = 3

ROLLBACK

### write-8 | writes
BEGIN

DELETE FROM orders WHERE id < 5 RETURNING *

ROLLBACK

### write-9 | writes
BEGIN

INSERT INTO depts VALUES ('ops', 'Bonn', 1) ON CONFLICT DO NOTHING

ROLLBACK

### write-10 | writes
BEGIN

INSERT INTO depts VALUES ('lab', 'Bonn', 1) ON CONFLICT (name) DO UPDATE SET city = excluded.city RETURNING *

ROLLBACK

### write-11 | writes
BEGIN

INSERT INTO people (id, name) VALUES (3, 'Z') ON CONFLICT (id) DO UPDATE SET name = excluded.name

ROLLBACK

### write-12 | writes
BEGIN

INSERT INTO people (id, name) VALUES (3, 'Z') ON CONFLICT (id) DO NOTHING

ROLLBACK

### write-13 | writes
BEGIN

INSERT INTO orders SELECT id + 100, person, total, placed, status FROM orders

ROLLBACK

### write-14 | writes
BEGIN

INSERT INTO copies SELECT id, name FROM people RETURNING *

ROLLBACK

### write-15 | writes
BEGIN

UPDATE orders o SET status = 'closed' FROM people p WHERE p.id = o.person AND p.dept = 'lab'

ROLLBACK

### write-16 | writes
BEGIN

MERGE INTO depts d USING (VALUES ('lab', 5), ('new', 6)) v (name, b) ON d.name = v.name WHEN MATCHED THEN UPDATE SET budget = v.b WHEN NOT MATCHED THEN INSERT VALUES (v.name, 'x', v.b)

ROLLBACK

### write-17 | writes
BEGIN

MERGE INTO people p USING depts d ON p.dept = d.name AND p.id = 1 WHEN MATCHED THEN UPDATE SET name = d.city

ROLLBACK

### write-18 | writes
BEGIN

WITH gone AS (DELETE FROM orders WHERE id < 10 RETURNING *) SELECT count(*) FROM gone

ROLLBACK

### write-19 | writes
BEGIN

WITH up AS (UPDATE people SET name = 'q' WHERE id = 3 RETURNING id, name) SELECT * FROM up

ROLLBACK

### write-20 | writes
BEGIN

INSERT INTO visits (page, at, tags, meta) VALUES ('a', '2024-05-05', '{x}', '{}')

ROLLBACK

### write-21 | writes
BEGIN

INSERT INTO visits (page) VALUES ('a') RETURNING page

ROLLBACK

### write-22 | writes
BEGIN

UPDATE visits SET meta = jsonb_set(meta, '{x}', '1') WHERE id = 1 RETURNING meta

ROLLBACK

### write-23 | writes
BEGIN

UPDATE visits SET tags = tags || 'z'::text WHERE id = 2 RETURNING tags

ROLLBACK

### write-24 | writes
BEGIN

DELETE FROM visits USING people p WHERE p.id = 3 AND visits.page = 'page1'

ROLLBACK

### write-25 | writes
BEGIN

INSERT INTO moods VALUES (3, 'happy', 'q', '[1,2]', NULL, '::1', '2 h', 1, false) RETURNING *

ROLLBACK

### write-26 | writes
BEGIN

TRUNCATE copies

ROLLBACK

### write-27 | writes
BEGIN

TRUNCATE orders

ROLLBACK

### write-28 | writes
BEGIN

LOCK TABLE people IN SHARE MODE

ROLLBACK

### write-29 | writes
BEGIN

INSERT INTO events VALUES (9, 'x', 'hello')

ROLLBACK

### write-30 | writes
BEGIN

UPDATE events SET kind = 'y' WHERE id = 1

ROLLBACK

### write-31 | writes
BEGIN

DELETE FROM cats

ROLLBACK

### write-32 | writes
BEGIN

INSERT INTO animals VALUES (9, 'Cow', 't')

ROLLBACK

### write-33 | writes
BEGIN

INSERT INTO depts DEFAULT VALUES

ROLLBACK

### write-34 | writes
BEGIN

INSERT INTO orders VALUES (1, 99, 1, NULL, 'x')

ROLLBACK

### write-35 | writes
BEGIN

UPDATE depts SET name = 'lab' WHERE name = 'desk'

ROLLBACK

### write-36 | writes
BEGIN

INSERT INTO moods (id, m) VALUES (9, 'angry')

ROLLBACK

### write-37 | writes
BEGIN

SELECT 1/0

ROLLBACK

### write-38 | writes
BEGIN

SELECT nothing FROM depts

ROLLBACK

### write-39 | writes
BEGIN

SELECT * FROM absent

ROLLBACK

### write-40 | writes
BEGIN

INSERT INTO visits (page) SELECT name FROM people

ROLLBACK

### write-41 | writes
BEGIN

INSERT INTO copies (k) SELECT count(*) FROM people

ROLLBACK

### session-1 | transactions, settings, cursors and prepared statements
BEGIN

SAVEPOINT a

UPDATE people SET name = 'x' WHERE id = 1

ROLLBACK TO a

RELEASE a

ROLLBACK

### session-2 | transactions, settings, cursors and prepared statements
BEGIN

SET LOCAL work_mem = '8MB'

SHOW work_mem

ROLLBACK

### session-3 | transactions, settings, cursors and prepared statements
SET statement_timeout = '5s'

SHOW statement_timeout

RESET statement_timeout

### session-4 | transactions, settings, cursors and prepared statements
SET TIME ZONE 'UTC'

SELECT name FROM people WHERE id = 1

### session-5 | transactions, settings, cursors and prepared statements
SET search_path = public, other

SELECT name FROM people WHERE id = 1

### session-6 | transactions, settings, cursors and prepared statements
PREPARE q AS SELECT name FROM people WHERE id = 1

EXECUTE q

EXECUTE q

DEALLOCATE q

### session-7 | transactions, settings, cursors and prepared statements
PREPARE q AS SELECT name FROM people WHERE id = $1

EXECUTE q (3)

### session-8 | transactions, settings, cursors and prepared statements
PREPARE q (int) AS SELECT name FROM people WHERE id = $1

EXECUTE q (3)

### session-9 | transactions, settings, cursors and prepared statements
PREPARE q (int) AS SELECT total FROM orders WHERE id = $1

EXECUTE q (3)

### session-10 | transactions, settings, cursors and prepared statements
BEGIN

DECLARE c CURSOR FOR SELECT name FROM people ORDER BY id

FETCH 2 FROM c

MOVE 1 FROM c

FETCH ALL FROM c

CLOSE c

ROLLBACK

### session-11 | transactions, settings, cursors and prepared statements
BEGIN

DECLARE c SCROLL CURSOR FOR SELECT * FROM orders ORDER BY id

FETCH LAST FROM c

FETCH PRIOR FROM c

ROLLBACK

### session-12 | transactions, settings, cursors and prepared statements
BEGIN

DECLARE c CURSOR FOR SELECT id FROM people WHERE id = 3 FOR UPDATE

FETCH c

UPDATE people SET name = 'x' WHERE CURRENT OF c

ROLLBACK

### session-13 | transactions, settings, cursors and prepared statements
DECLARE h CURSOR WITH HOLD FOR SELECT name FROM people ORDER BY id

FETCH ALL FROM h

CLOSE h

### session-14 | transactions, settings, cursors and prepared statements
BEGIN; SELECT name FROM people WHERE id = 1; COMMIT

### session-15 | transactions, settings, cursors and prepared statements
SELECT 1; SELECT 2; SELECT name FROM people WHERE id = 1

### session-16 | transactions, settings, cursors and prepared statements
DISCARD ALL

### session-17 | transactions, settings, cursors and prepared statements
LISTEN a

UNLISTEN a

### session-18 | transactions, settings, cursors and prepared statements
EXPLAIN (COSTS OFF) SELECT name FROM people WHERE id = 3

### session-19 | transactions, settings, cursors and prepared statements
EXPLAIN (COSTS OFF) SELECT * FROM orders WHERE total > 5

### session-20 | transactions, settings, cursors and prepared statements
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, BUFFERS OFF) SELECT * FROM depts

### session-21 | transactions, settings, cursors and prepared statements
BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY

SELECT count(*) FROM people

COMMIT

### session-22 | transactions, settings, cursors and prepared statements
SET ROLE clerk

SELECT name FROM people WHERE id = 1

RESET ROLE

### session-23 | transactions, settings, cursors and prepared statements
ANALYZE depts

### session-24 | transactions, settings, cursors and prepared statements
VACUUM depts

### session-25 | transactions, settings, cursors and prepared statements
CHECKPOINT

### session-26 | transactions, settings, cursors and prepared statements
SELECT set_config('app.user', 'x', false), current_setting('app.user')

### session-27 | transactions, settings, cursors and prepared statements
SELECT pg_advisory_lock(1), pg_advisory_unlock(1)

### session-28 | transactions, settings, cursors and prepared statements
SELECT txid_current() > 0

### session-29 | transactions, settings, cursors and prepared statements
@parse ~ SELECT id, name FROM people WHERE id = $1
@describe S ~
@bind ~ ~ text 3
@describe P ~
@execute ~ 0
@sync

### session-30 | transactions, settings, cursors and prepared statements
@parse s SELECT name FROM people WHERE dept = $1 ORDER BY id
@bind ~ s binary lab
@execute ~ 0
@sync

@bind ~ s text sales
@execute ~ 1
@execute ~ 1
@sync

### session-31 | transactions, settings, cursors and prepared statements
@parse ~ INSERT INTO copies VALUES ($1, $2) RETURNING k
@bind ~ ~ text 1|a
@execute ~ 0
@sync

DELETE FROM copies

### session-32 | transactions, settings, cursors and prepared statements
@parse a SELECT 1
@parse b SELECT name FROM people WHERE id = 1
@bind ~ a text
@execute ~ 0
@bind ~ b text
@execute ~ 0
@close S a
@sync

### session-33 | transactions, settings, cursors and prepared statements
@parse ~ UPDATE people SET name = name WHERE id = $1
@bind ~ ~ text 1
@execute ~ 0
@sync

### session-34 | transactions, settings, cursors and prepared statements
@masked 1
@parse ~ SELECT ssn FROM people WHERE id = 3
@bind ~ ~ text
@describe P ~
@execute ~ 0
@sync

### copy-1 | COPY
@copy 1	one
@copy 2	two
BEGIN

COPY copies FROM STDIN

SELECT count(*) FROM copies

ROLLBACK

### copy-2 | COPY
@copy 70,x,lab
BEGIN

COPY people (id, name, dept) FROM STDIN WITH (FORMAT csv)

SELECT id, name FROM people WHERE id = 70

ROLLBACK

### copy-3 | COPY
@copy 71	x	999-11-2222
BEGIN

COPY people (id, name, ssn) FROM STDIN

ROLLBACK

### copy-4 | COPY
@copy bad
COPY copies FROM STDIN

### copy-5 | COPY
COPY depts TO STDOUT

### copy-6 | COPY
COPY orders TO STDOUT WITH (FORMAT csv, HEADER)

### copy-7 | COPY
COPY (SELECT * FROM depts ORDER BY name) TO STDOUT

### copy-8 | COPY
COPY (SELECT count(*) FROM orders) TO STDOUT

### copy-9 | COPY
COPY (SELECT id, name FROM people ORDER BY id) TO STDOUT

### copy-10 | COPY
COPY people (id, name) TO STDOUT

### copy-11 | COPY
COPY (SELECT name FROM people ORDER BY id) TO STDOUT WITH (FORMAT csv)

### copy-12 | COPY
COPY visits (id, page) TO STDOUT WITH (FORMAT binary)

### migrate-1 | migrations
BEGIN

CREATE TABLE fresh (id int PRIMARY KEY, v text)

ROLLBACK

### migrate-2 | migrations
BEGIN

CREATE TABLE fresh (id int)

INSERT INTO fresh VALUES (1)

SELECT * FROM fresh

ALTER TABLE fresh ADD COLUMN v text DEFAULT 'x'

SELECT * FROM fresh

DROP TABLE fresh

ROLLBACK

### migrate-3 | migrations
BEGIN

CREATE INDEX orders_total ON orders (total)

ROLLBACK

### migrate-4 | migrations
BEGIN

ALTER TABLE orders ADD COLUMN note text

ROLLBACK

### migrate-5 | migrations
BEGIN

ALTER TABLE depts RENAME COLUMN city TO town

ROLLBACK

### migrate-6 | migrations
BEGIN

CREATE VIEW order_totals AS SELECT person, sum(total) FROM orders GROUP BY person

ROLLBACK

### migrate-7 | migrations
BEGIN

CREATE SCHEMA fresh

ROLLBACK

### migrate-8 | migrations
BEGIN

CREATE SEQUENCE fresh

ROLLBACK

### migrate-9 | migrations
BEGIN

CREATE TYPE fresh AS ENUM ('a', 'b')

ROLLBACK

### migrate-10 | migrations
BEGIN

CREATE DOMAIN fresh AS int CHECK (VALUE > 0)

ROLLBACK

### migrate-11 | migrations
BEGIN

COMMENT ON TABLE people IS 'who'

ROLLBACK

### migrate-12 | migrations
BEGIN

COMMENT ON COLUMN people.name IS 'how they are called'

ROLLBACK

### migrate-13 | migrations
BEGIN

DROP VIEW people_counts

ROLLBACK

### migrate-14 | migrations
BEGIN

GRANT SELECT ON depts TO clerk

ROLLBACK

### migrate-15 | migrations
BEGIN

ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0)

ROLLBACK

### migrate-16 | migrations
BEGIN

CREATE TABLE sums AS SELECT person, sum(total) FROM orders GROUP BY person

ROLLBACK

### migrate-17 | migrations
BEGIN

CREATE TEMP TABLE t (a int)

INSERT INTO t VALUES (1), (2)

SELECT sum(a) FROM t

ROLLBACK

### migrate-18 | migrations
BEGIN

CREATE TEMP TABLE t AS SELECT * FROM depts

SELECT count(*) FROM t

ROLLBACK

### migrate-19 | migrations
BEGIN

CREATE TEMP TABLE t AS SELECT id, name FROM people

SELECT count(*) FROM t

ROLLBACK

### migrate-20 | migrations
BEGIN

ALTER TABLE people ADD COLUMN nick text

ROLLBACK

### migrate-21 | migrations
@refused
BEGIN

ALTER TABLE people DROP COLUMN pin CASCADE

ROLLBACK

### migrate-22 | migrations
BEGIN

CREATE INDEX people_name ON people (name)

ROLLBACK

### migrate-23 | migrations
BEGIN

DROP INDEX people_ssn

ROLLBACK

### migrate-24 | migrations
BEGIN

ALTER TABLE visits ALTER COLUMN page SET NOT NULL

ROLLBACK

### migrate-25 | migrations
BEGIN

DROP TABLE litter CASCADE

ROLLBACK

### migrate-26 | migrations
BEGIN

REFRESH MATERIALIZED VIEW people_stats

ROLLBACK

### migrate-27 | migrations
BEGIN

REINDEX TABLE depts

ROLLBACK

### migrate-28 | migrations
@refused
BEGIN

CREATE TABLE part PARTITION OF events FOR VALUES IN ('z')

ROLLBACK

### migrate-29 | migrations
BEGIN

CREATE STATISTICS st ON id, total FROM orders

ROLLBACK

### copies-1 | copies between columns with the same mask
BEGIN

INSERT INTO people_old SELECT id, ssn, card, salary FROM people

SELECT count(*) FROM people_old

ROLLBACK

### copies-2 | copies between columns with the same mask
BEGIN

INSERT INTO people_old (id) SELECT id FROM people

UPDATE people_old o SET ssn = p.ssn FROM people p WHERE p.id = o.id

SELECT id FROM people_old ORDER BY id

ROLLBACK

### copies-3 | copies between columns with the same mask
BEGIN

MERGE INTO people_old o USING people p ON o.id = p.id WHEN NOT MATCHED THEN INSERT VALUES (p.id, p.ssn, p.card, p.salary)

SELECT id FROM people_old ORDER BY id

ROLLBACK

### checks-1 | copies between columns with the same mask
BEGIN

UPDATE capped SET note = 'm' WHERE id = 3

INSERT INTO capped VALUES (7, 5, 4)

UPDATE capped SET salary = 9, floor = 8 WHERE id = 3

INSERT INTO paired (dept) VALUES ('z')

INSERT INTO people_old (id, ssn) VALUES (9, 'x') 

ROLLBACK

### functions-1 | functions of one's own
SELECT greeting()

### functions-2 | functions of one's own
SELECT name, dept_city(name) FROM depts ORDER BY 1

### functions-3 | functions of one's own
SELECT dept_budget('lab')

### functions-4 | functions of one's own
SELECT initials(name) FROM people ORDER BY id

### functions-5 | functions of one's own
SELECT twice(name) FROM people ORDER BY id

### functions-6 | functions of one's own
SELECT count(*) FROM paid_orders()

### functions-7 | functions of one's own
SELECT c FROM dept_cities ORDER BY 1

### functions-8 | functions of one's own
SELECT p.id, dept_city(p.dept) FROM people p ORDER BY 1

### operators-1 | work in a database with operators of one's own
@database operators
BEGIN

SHOW search_path

SET LOCAL statement_timeout = '1min'

SELECT count(*) FROM depts

INSERT INTO depts VALUES ('new', 'Bonn', 1)

COMMIT

DELETE FROM depts WHERE name = 'new'
