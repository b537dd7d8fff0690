-- SPDX-License-Identifier: Apache-2.0

### p-text | extended query, text
@parse ~ SELECT ssn, card, salary FROM people WHERE id = 3
@bind ~ ~ text
@describe P ~
@execute ~ 0
@sync

### p-binary | extended query, binary
@parse ~ SELECT ssn, salary, born, profile, notes, photo FROM people WHERE id = 3
@bind ~ ~ binary
@describe P ~
@execute ~ 0
@sync

### p-no-describe | no Describe
@parse ~ SELECT ssn FROM people WHERE id = 3
@bind ~ ~ text
@execute ~ 0
@sync

### p-no-describe-binary | binary without Describe
@parse ~ SELECT photo, born FROM people WHERE id = 3
@bind ~ ~ binary
@execute ~ 0
@sync

### p-parameter | a parameter
@parse ~ SELECT ssn FROM people WHERE id = $1
@bind ~ ~ text 3
@execute ~ 0
@sync

### p-named-again | a named statement again, without Describe
@parse s SELECT ssn FROM people WHERE id = $1
@bind ~ s text 3
@execute ~ 0
@sync

@bind ~ s binary 3
@execute ~ 0
@sync

@bind ~ s text 3
@execute ~ 0
@sync

### p-rows | a portal that is suspended
@parse ~ SELECT ssn FROM people WHERE id > 1 ORDER BY id
@bind p ~ text
@execute p 1
@execute p 1
@execute p 1
@sync

### p-rows-in-transaction | a portal that outlives a Sync
BEGIN

@parse s SELECT ssn FROM people ORDER BY id
@bind p s text
@execute p 2
@sync

@execute p 1
@sync

@execute p 0
@sync

COMMIT

### p-two-portals | two portals of different formats
BEGIN

@parse s SELECT ssn, born FROM people WHERE id = 3
@bind p1 s text
@bind p2 s binary
@execute p2 0
@execute p1 0
@sync

ROLLBACK

### p-pipeline | many statements in one pipeline
@parse a SELECT name FROM people WHERE id = 3
@bind ~ a text
@execute ~ 0
@parse b SELECT ssn FROM people WHERE id = 3
@bind ~ b text
@execute ~ 0
@bind ~ a text
@execute ~ 0
@sync

### p-replace-unnamed | another statement under the same name
@parse ~ SELECT name FROM people WHERE id = 3
@bind p ~ text
@parse ~ SELECT ssn FROM people WHERE id = 3
@bind q ~ text
@execute q 0
@execute p 0
@sync

### p-close-reparse | a name used again
@parse s SELECT name FROM people WHERE id = 3
@bind ~ s text
@execute ~ 0
@sync

@close S s
@parse s SELECT ssn FROM people WHERE id = 3
@bind ~ s text
@execute ~ 0
@sync

### p-path-between | search_path set between Parse and Bind
SET search_path = other, public

@parse s SELECT ssn FROM people WHERE id = 3
@sync

SET search_path = public

@bind ~ s text
@execute ~ 0
@sync

### p-path-pipelined | search_path set between Parse and Bind, in one pipeline
SET search_path = other, public

@parse s SELECT ssn FROM people WHERE id = 3
@parse t SET search_path = public
@bind ~ t text
@execute ~ 0
@bind ~ s text
@execute ~ 0
@sync

### p-path-set-config | the same by set_config
SET search_path = other, public

@parse s SELECT ssn FROM people WHERE id = 3
@parse t SELECT set_config('search_path', 'public', false)
@bind ~ t text
@execute ~ 0
@bind ~ s text
@execute ~ 0
@sync

### p-path-role | the same by ALTER ROLE … and SET ROLE
SET search_path = other, public

@parse s SELECT ssn FROM people WHERE id = 3
@parse t SET ROLE walker
@bind ~ t text
@execute ~ 0
@parse u SET search_path = public
@bind ~ u text
@execute ~ 0
@bind ~ s text
@execute ~ 0
@sync

### p-bind-set-execute | a setting changed between Bind and Execute
SET search_path = other, public

BEGIN

@parse s SELECT ssn FROM public.people WHERE id = 3
@bind p s text
@parse t SET LOCAL search_path = public
@bind ~ t text
@execute ~ 0
@execute p 0
@sync

ROLLBACK

### p-temp-between | a temporary table made, then dropped behind the back of a statement
CREATE TEMP TABLE people (id int, ssn text)

@parse s SELECT ssn FROM people WHERE id = 3
@bind ~ s text
@execute ~ 0
@sync

DROP TABLE pg_temp.people

@bind ~ s text
@execute ~ 0
@sync

### p-rollback-path | a rollback brings the search path back
SET search_path = public

BEGIN

SET search_path = other, public

@parse s SELECT ssn FROM people WHERE id = 3
@bind ~ s text
@execute ~ 0
@sync

ROLLBACK

@bind ~ s text
@execute ~ 0
@sync

### p-savepoint-path | a savepoint brings it back
BEGIN

SAVEPOINT a

SET LOCAL search_path = other, public

PREPARE q AS SELECT ssn FROM people WHERE id = 3

EXECUTE q

ROLLBACK TO a

EXECUTE q

ROLLBACK

### p-error-then | after an error in a pipeline
@parse ~ SELECT 1/0
@bind ~ ~ text
@execute ~ 0
@sync
@parse ~ SELECT ssn FROM people WHERE id = 3
@bind ~ ~ text
@execute ~ 0
@sync

### p-flush | Flush in place of Sync
@parse ~ SELECT ssn FROM people WHERE id = 3
@bind ~ ~ text
@describe P ~
@execute ~ 0
@flush

@sync

### p-query-between | a simple query between
@parse s SELECT ssn FROM people WHERE id = 3
@sync
@query SELECT name FROM people WHERE id = 3
@bind ~ s text
@execute ~ 0
@sync

### p-sql-execute | a statement of Parse run by EXECUTE
@parse s SELECT ssn FROM people WHERE id = 3
@sync

EXECUTE s

### p-sql-prepare-bind | a statement of PREPARE bound
PREPARE s AS SELECT ssn FROM people WHERE id = 3

@bind ~ s text
@execute ~ 0
@sync

### p-portal-fetch | a portal fetched by SQL
BEGIN

@parse ~ SELECT ssn FROM people WHERE id = 3
@bind p ~ text
@sync

FETCH ALL FROM p

ROLLBACK

### p-cursor-execute | a cursor executed as a portal
BEGIN

DECLARE c CURSOR FOR SELECT ssn FROM people WHERE id = 3

@execute c 0
@sync

ROLLBACK

### p-cursor-describe | a cursor described and executed
BEGIN

DECLARE c BINARY CURSOR FOR SELECT photo FROM people WHERE id = 3

@describe P c
@execute c 0
@sync

ROLLBACK

### p-limit-parameter | LIMIT by a value in a parameter
@parse ~ SELECT id FROM orders ORDER BY id LIMIT (SELECT left(ssn, $1::int)::int FROM people WHERE id = 3)
@bind ~ ~ text 1
@execute ~ 0
@sync

### p-param-array | a guess in a parameter
@parse ~ SELECT id FROM people WHERE ssn = ANY ($1)
@bind ~ ~ text {912-84-7735}
@execute ~ 0
@sync

### m-two | two statements in one text
SELECT name FROM people WHERE id = 3; SELECT ssn FROM people WHERE id = 3

### m-path | a setting in front, in the same text
SET search_path = other, public; SELECT ssn FROM public.people WHERE id = 3

### m-path-back | the search path changes within a text
SET search_path = other, public

SELECT ssn FROM people WHERE id = 3; SET search_path = public; SELECT ssn FROM people WHERE id = 3

### m-begin | a transaction in a text
BEGIN; SELECT ssn FROM people WHERE id = 3; COMMIT

### m-commit | an end and a beginning
BEGIN; COMMIT; SELECT ssn AS x FROM people WHERE id = 3;;

### m-create-view | made and read in one text
@cleanup DROP VIEW IF EXISTS quick
CREATE VIEW quick AS SELECT ssn AS z FROM people; SELECT z FROM quick WHERE z > '5551'

### m-temp | a temporary table made and read in one text
CREATE TEMP TABLE t AS SELECT ssn FROM people; SELECT * FROM t

### m-semicolons | semicolons in strings
SELECT ';' || ssn || ';SELECT' FROM people WHERE id = 3; SELECT ';'

### m-dollar | dollar quotes
SELECT $a$;$a$ || ssn FROM people WHERE id = 3; SELECT $$x$$

### s-prepare | PREPARE
PREPARE q AS SELECT ssn FROM people WHERE id = 3

EXECUTE q

### s-prepare-args | PREPARE with types
PREPARE q (int) AS SELECT ssn FROM people WHERE id = $1

EXECUTE q (3)

### s-prepare-infer | PREPARE with types that are inferred
PREPARE q AS SELECT ssn FROM people WHERE id = $1

EXECUTE q (3)

### s-prepare-path | PREPARE, then another search path
SET search_path = other, public

PREPARE q AS SELECT ssn FROM people WHERE id = 3

EXECUTE q

SET search_path = public

EXECUTE q

### s-prepare-again | DEALLOCATE and PREPARE again
PREPARE q AS SELECT name FROM people WHERE id = 3

EXECUTE q

DEALLOCATE q

PREPARE q AS SELECT ssn FROM people WHERE id = 3

EXECUTE q

### s-prepare-catalog | pg_prepared_statements
SELECT 1

PREPARE q AS SELECT ssn FROM people WHERE ssn = '912-84-7735'

SELECT length(statement) FROM pg_prepared_statements; EXECUTE q

### s-explain-execute | EXPLAIN EXECUTE
PREPARE q AS SELECT ssn FROM people WHERE ssn > '6'

EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, BUFFERS OFF) EXECUTE q

### s-cursor | a cursor
BEGIN

DECLARE c CURSOR FOR SELECT ssn FROM people WHERE id = 3

FETCH ALL FROM c

COMMIT

### s-cursor-hold | a cursor that outlives its transaction
DECLARE c CURSOR WITH HOLD FOR SELECT ssn FROM people WHERE id = 3

FETCH FROM c

### s-cursor-scroll | moving in a cursor
BEGIN

DECLARE c SCROLL CURSOR FOR SELECT ssn FROM people ORDER BY id

MOVE 3 FROM c

FETCH BACKWARD 1 FROM c

FETCH ABSOLUTE 3 FROM c

COMMIT

### s-cursor-binary | a binary cursor
BEGIN

DECLARE c BINARY CURSOR FOR SELECT salary, born, photo, notes FROM people WHERE id = 3

FETCH c

COMMIT

### s-cursor-extended | FETCH by extended query, in binary
BEGIN

DECLARE c CURSOR FOR SELECT ssn, photo FROM people WHERE id = 3

@parse ~ FETCH ALL FROM c
@bind ~ ~ binary
@describe P ~
@execute ~ 0
@sync

COMMIT

### s-cursor-move | rows counted by MOVE
BEGIN

DECLARE c CURSOR FOR SELECT id FROM people WHERE ssn LIKE '9%'

MOVE ALL FROM c

COMMIT

### s-cursor-name | another cursor of the same name
BEGIN

DECLARE c CURSOR FOR SELECT name FROM people WHERE id = 3

CLOSE c

DECLARE c CURSOR FOR SELECT ssn FROM people WHERE id = 3

FETCH c

COMMIT

### s-cursor-savepoint | a cursor behind a savepoint
BEGIN

DECLARE c CURSOR FOR SELECT name FROM people WHERE id = 3

SAVEPOINT s

CLOSE c

ROLLBACK TO s

DECLARE d CURSOR FOR SELECT ssn FROM people WHERE id = 3

FETCH d

COMMIT

### s-cursor-quoted | a quoted name
BEGIN

DECLARE "My C" CURSOR FOR SELECT ssn FROM people WHERE id = 3

FETCH ALL IN "My C"

COMMIT

### s-refcursor | a cursor that a function opens
BEGIN

SELECT dyn_refcursor()

FETCH ALL FROM leak

COMMIT

### s-current-of | WHERE CURRENT OF
BEGIN

DECLARE c CURSOR FOR SELECT id FROM people WHERE id = 3 FOR UPDATE

FETCH c

UPDATE people SET name = name WHERE CURRENT OF c RETURNING ssn

ROLLBACK

### w-returning-insert | RETURNING of an INSERT … SELECT
BEGIN

INSERT INTO copies SELECT id, ssn FROM people WHERE id = 3 RETURNING v

ROLLBACK

### w-returning-update | RETURNING of an UPDATE
BEGIN

UPDATE people SET name = 'x' WHERE id = 3 RETURNING ssn, card

ROLLBACK

### w-returning-star | RETURNING *
BEGIN

UPDATE people SET name = 'x' WHERE id = 3 RETURNING *

ROLLBACK

### w-returning-old | RETURNING OLD
@since 18
BEGIN

UPDATE people SET ssn = 'x' WHERE id = 3 RETURNING old.ssn

ROLLBACK

### w-returning-old-row | RETURNING OLD as a row
@since 18
BEGIN

UPDATE people SET name = 'x' WHERE id = 3 RETURNING to_json(old)

ROLLBACK

### w-returning-with | RETURNING WITH other names
@since 18
BEGIN

UPDATE people SET name = 'x' WHERE id = 3 RETURNING WITH (OLD AS o, NEW AS n) o.ssn, n.card

ROLLBACK

### w-returning-delete | RETURNING of a DELETE
BEGIN

DELETE FROM cubs WHERE id = 3 RETURNING chip

ROLLBACK

### w-returning-expr | RETURNING of an expression
BEGIN

UPDATE people SET name = ssn WHERE id = 3 RETURNING name

ROLLBACK

### w-returning-sub | RETURNING of a subquery
BEGIN

INSERT INTO copies VALUES (1) RETURNING (SELECT ssn FROM people WHERE id = 3)

ROLLBACK

### w-set-from | UPDATE … FROM
BEGIN

UPDATE copies SET v = p.ssn FROM people p

INSERT INTO copies SELECT 1, ssn FROM people WHERE id = 3

SELECT * FROM copies

ROLLBACK

### w-launder-name | a value put into another column of the row
BEGIN

UPDATE people SET name = ssn WHERE id = 3

SELECT name FROM people WHERE id = 3

ROLLBACK

### w-launder-multi | UPDATE of several columns
BEGIN

UPDATE people SET (name, pin) = (SELECT ssn, 'x' FROM people p WHERE p.id = 3) WHERE id = 3

SELECT name FROM people WHERE id = 3

ROLLBACK

### w-launder-json | a value put into the open part of a document
BEGIN

UPDATE people SET profile = jsonb_build_object('city', profile->'ssn') WHERE id = 3

SELECT profile->'city' FROM people WHERE id = 3

ROLLBACK

### w-launder-json-set | jsonb_set into the open part
BEGIN

UPDATE people SET profile = jsonb_set(profile, '{city}', profile->'ssn') WHERE id = 3

SELECT profile FROM people WHERE id = 3

ROLLBACK

### w-launder-json-sub | an assignment by subscript
BEGIN

UPDATE people SET profile['city'] = to_jsonb(ssn) WHERE id = 3

SELECT profile FROM people WHERE id = 3

ROLLBACK

### w-launder-partial | into a column with a weaker mask
BEGIN

UPDATE people SET card = '0000000000' || right(ssn, 4) WHERE id = 3

SELECT card FROM people WHERE id = 3

ROLLBACK

### w-launder-array | one element at a time
BEGIN

UPDATE people SET notes[2] = ssn WHERE id = 3 RETURNING notes[2]

ROLLBACK

### w-insert-select | INSERT … SELECT, then read
BEGIN

INSERT INTO copies SELECT id, ssn FROM people

SELECT v FROM copies

ROLLBACK

### w-insert-values | INSERT … VALUES with a subquery
BEGIN

INSERT INTO copies VALUES (1, (SELECT ssn FROM people WHERE id = 3))

SELECT v FROM copies

ROLLBACK

### w-insert-cte | a CTE that writes
BEGIN

WITH s AS (SELECT id, ssn FROM people) INSERT INTO copies SELECT * FROM s RETURNING v

ROLLBACK

### w-cte-modifying | a data-modifying CTE, read behind it
BEGIN

WITH u AS (UPDATE people SET name = name RETURNING id, ssn) SELECT * FROM u ORDER BY id

ROLLBACK

### w-cte-delete | a DELETE in a CTE
BEGIN

WITH d AS (DELETE FROM cubs RETURNING *) SELECT d FROM d

ROLLBACK

### w-cte-move | moved by a CTE
BEGIN

WITH d AS (DELETE FROM cubs RETURNING id, chip) INSERT INTO copies SELECT * FROM d

SELECT v FROM copies

ROLLBACK

### w-conflict | ON CONFLICT DO UPDATE
BEGIN

INSERT INTO people (id, name) VALUES (3, 'x') ON CONFLICT (id) DO UPDATE SET name = people.ssn RETURNING name

ROLLBACK

### w-conflict-where | a condition of ON CONFLICT
BEGIN

INSERT INTO people (id, name) VALUES (3, 'x') ON CONFLICT (id) DO UPDATE SET name = 'y' WHERE people.ssn LIKE '9%' RETURNING id

ROLLBACK

### w-conflict-excluded | EXCLUDED
BEGIN

INSERT INTO depts (name, city) SELECT 'lab', ssn FROM people WHERE id = 3 ON CONFLICT (name) DO UPDATE SET city = excluded.city RETURNING city

ROLLBACK

### w-merge | MERGE
BEGIN

MERGE INTO copies c USING people p ON c.k = p.id WHEN NOT MATCHED THEN INSERT VALUES (p.id, p.ssn)

SELECT v FROM copies

ROLLBACK

### w-merge-returning | MERGE … RETURNING
@since 17
BEGIN

MERGE INTO depts d USING people p ON d.name = p.dept AND p.id = 3 WHEN MATCHED THEN UPDATE SET budget = budget RETURNING p.ssn

ROLLBACK

### w-merge-when | a condition of MERGE
BEGIN

MERGE INTO depts d USING people p ON d.name = p.dept AND p.id = 3 WHEN MATCHED AND p.ssn LIKE '9%' THEN DELETE

ROLLBACK

### w-merge-on | a join condition of MERGE
@since 17
BEGIN

MERGE INTO guesses g USING people p ON g.g = p.ssn WHEN MATCHED THEN DELETE RETURNING g.g

ROLLBACK

### w-update-where | an UPDATE's count
BEGIN

UPDATE people SET name = 'x' WHERE ssn LIKE '9%'

ROLLBACK

### w-delete-where | a DELETE's count
BEGIN

DELETE FROM orders USING people p WHERE p.id = orders.person AND p.ssn LIKE '9%'

ROLLBACK

### w-delete-in | a DELETE's subquery
BEGIN

DELETE FROM orders WHERE person IN (SELECT id FROM people WHERE ssn LIKE '9%')

ROLLBACK

### w-update-case | CASE in SET, read back
BEGIN

UPDATE people SET name = CASE WHEN ssn LIKE '9%' THEN 'high' ELSE 'low' END WHERE id = 3

SELECT name FROM people WHERE id = 3

ROLLBACK

### w-update-sub | a subquery's condition in SET
BEGIN

UPDATE depts SET budget = (SELECT count(*) FROM people WHERE ssn LIKE '9%') RETURNING budget

ROLLBACK

### w-not-null-detail | a detail that shows the row
BEGIN

UPDATE people SET name = NULL WHERE id = 3

ROLLBACK

### w-check-detail | a check's detail
BEGIN

UPDATE people SET id = NULL WHERE id = 3

ROLLBACK

### w-fk-detail | a foreign key's detail
BEGIN

UPDATE people SET dept = ssn WHERE id = 3

ROLLBACK

### w-insert-fail-row | a failing INSERT … SELECT
BEGIN

INSERT INTO people SELECT id + 10, NULL, dept, ssn FROM people WHERE id = 3

ROLLBACK

### w-partition-error | a row that fits no partition
BEGIN

UPDATE events SET kind = secret WHERE id = 3

ROLLBACK

### w-trigger-notice | a trigger's notice
BEGIN

UPDATE watched SET name = 'x' WHERE id = 3

ROLLBACK

### w-rule | a rule that answers
BEGIN

INSERT INTO ruled VALUES (1, 'x')

ROLLBACK
