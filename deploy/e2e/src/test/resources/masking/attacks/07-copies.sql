-- SPDX-License-Identifier: Apache-2.0
-- Masked values that are written, and rows that fail or not by them.
### copy-check | a check that compares a masked column with a written one
BEGIN

UPDATE capped SET floor = 500000000000 WHERE id = 3

ROLLBACK

### copy-check-insert | a check, on a copied value
BEGIN

INSERT INTO capped (id, salary, floor) SELECT 7, salary, 500000000000 FROM people WHERE id = 3

ROLLBACK

### copy-check-conflict | a check, by ON CONFLICT
BEGIN

INSERT INTO capped (id, salary, floor) VALUES (3, 999999999999, 0) ON CONFLICT (id) DO UPDATE SET floor = 500000000000

ROLLBACK

### copy-check-merge | a check, by MERGE
BEGIN

MERGE INTO capped c USING (SELECT 3 AS id) s ON c.id = s.id WHEN MATCHED THEN UPDATE SET floor = 500000000000 WHEN NOT MATCHED THEN INSERT VALUES (s.id, 1, 0)

ROLLBACK

### copy-check-cte | a check, beside another writing of the masked column
BEGIN

WITH one AS (UPDATE capped SET salary = 2 WHERE id = 4 RETURNING id) UPDATE capped SET floor = 500000000000 WHERE id = 3 AND NOT EXISTS (SELECT FROM one WHERE id = 3)

ROLLBACK

### copy-check-row | a check, by assignment of a row
BEGIN

UPDATE capped SET (floor, note) = ROW (500000000000, 'x') WHERE id = 3

ROLLBACK

### copy-check-part | a check of a partition
BEGIN

UPDATE capped_parts SET floor = 500000000000 WHERE id = 3

ROLLBACK

### copy-check-child | a check of a partition, by its own name
BEGIN

UPDATE capped_part SET floor = 500000000000

ROLLBACK

### copy-check-from | a check, with values of another table
BEGIN

UPDATE capped SET floor = o.floor FROM (VALUES (3, 500000000000::numeric)) o (id, floor) WHERE o.id = capped.id

ROLLBACK

### copy-generated | a generated column that fails for one value
BEGIN

UPDATE ratios SET part = 918273645546.37 WHERE id = 3

ROLLBACK

### copy-generated-insert | a generated column that fails for one copied value
BEGIN

INSERT INTO ratios (id, salary, part) SELECT 5, salary, 918273645546.37 FROM people WHERE id = 3

ROLLBACK

### copy-unique | a key of a masked column and another
BEGIN

UPDATE paired SET dept = 'b' WHERE dept = 'a'

ROLLBACK

### copy-unique-insert | a key, on a copied value
BEGIN

INSERT INTO paired SELECT 'b', ssn FROM people WHERE id = 3

ROLLBACK

### copy-unique-conflict | a key, by ON CONFLICT DO NOTHING
BEGIN

INSERT INTO paired SELECT 'b', ssn FROM people WHERE id = 3 ON CONFLICT DO NOTHING

ROLLBACK

### copy-unique-where | a key of some rows, by a masked column
BEGIN

INSERT INTO limited (id, dept) VALUES (9, 'a')

ROLLBACK

### copy-unique-where-update | a key of some rows, by an update
BEGIN

INSERT INTO limited (id, dept) VALUES (9, 'b')

UPDATE limited SET dept = 'b' WHERE id = 3

ROLLBACK

### copy-unique-where-copy | a key of some rows, on a copied value
BEGIN

INSERT INTO limited (id, dept) VALUES (9, 'b')

INSERT INTO limited SELECT 8, 'b', salary FROM people WHERE id = 3

ROLLBACK

### copy-quiet | a trigger that passes over rows that stay the same
BEGIN

UPDATE quiet SET ssn = p.ssn FROM people p WHERE p.id = 3

ROLLBACK

### copy-quiet-sub | the same, by a subquery
BEGIN

UPDATE quiet SET ssn = (SELECT ssn FROM people WHERE id = 3)

ROLLBACK

### copy-words | a trigger that puts words elsewhere
BEGIN

INSERT INTO words (id, ssn) SELECT id, ssn FROM people WHERE id = 3 RETURNING found

ROLLBACK

### copy-words-update | a trigger that puts words elsewhere, by UPDATE
BEGIN

INSERT INTO words (id, ssn) VALUES (3, 'x')

UPDATE words SET ssn = p.ssn FROM people p WHERE p.id = words.id

SELECT found FROM words

ROLLBACK

### copy-plain | a copy
BEGIN

INSERT INTO people_old (id, ssn) SELECT id, ssn FROM people

SELECT * FROM people_old

ROLLBACK

### copy-all | a copy of several columns
BEGIN

INSERT INTO people_old SELECT id, ssn, card, salary FROM people

SELECT * FROM people_old

ROLLBACK

### copy-swap | a copy to a column with another mask
BEGIN

INSERT INTO people_old (id, card) SELECT id, ssn FROM people

SELECT * FROM people_old

ROLLBACK

### copy-swap-back | a copy from a column with another mask
BEGIN

INSERT INTO people_old (id, ssn) SELECT id, card FROM people

SELECT * FROM people_old

ROLLBACK

### copy-upper | a copy that is computed
BEGIN

INSERT INTO people_old (id, card) SELECT id, upper(card) FROM people

SELECT * FROM people_old

ROLLBACK

### copy-right | a copy of a part
BEGIN

INSERT INTO people_old (id, card) SELECT id, left(card, 4) FROM people

SELECT * FROM people_old

ROLLBACK

### copy-case | a copy that something decides
BEGIN

INSERT INTO people_old (id, card) SELECT id, CASE WHEN ssn > '5' THEN card END FROM people

SELECT * FROM people_old

ROLLBACK

### copy-coalesce | a copy of one of two
BEGIN

INSERT INTO people_old (id, card) SELECT id, coalesce(card, ssn) FROM people

SELECT * FROM people_old

ROLLBACK

### copy-union | a copy of both sides
BEGIN

INSERT INTO people_old (id, card) SELECT id, card FROM people UNION ALL SELECT id, ssn FROM people

SELECT * FROM people_old

ROLLBACK

### copy-nullif | a copy that may be null
BEGIN

INSERT INTO people_old (id, ssn) SELECT id, nullif(ssn, '912-84-7735') FROM people

SELECT ssn IS NULL FROM people_old WHERE id = 3

ROLLBACK

### copy-where | a copy of some rows
BEGIN

INSERT INTO people_old (id, ssn) SELECT id, ssn FROM people WHERE ssn > '5'

SELECT count(*) FROM people_old

ROLLBACK

### copy-having | a copy of the largest
BEGIN

INSERT INTO people_old (id, ssn) SELECT max(id), max(ssn) FROM people

SELECT * FROM people_old

ROLLBACK

### copy-first | a copy of the first in an order
BEGIN

INSERT INTO people_old (id, ssn) SELECT id, ssn FROM people ORDER BY ssn DESC NULLS LAST LIMIT 1

SELECT id FROM people_old

ROLLBACK

### copy-window | a copy of a neighbour
BEGIN

INSERT INTO people_old (id, ssn) SELECT id, lag(ssn) OVER (ORDER BY ssn) FROM people

SELECT id, ssn FROM people_old

ROLLBACK

### copy-update | a copy by UPDATE FROM with several rows
BEGIN

INSERT INTO people_old (id) VALUES (3)

UPDATE people_old SET ssn = p.ssn FROM people p WHERE p.id IN (3, 4)

SELECT * FROM people_old

ROLLBACK

### copy-subquery | a copy by a subquery
BEGIN

INSERT INTO people_old (id, ssn) VALUES (3, (SELECT ssn FROM people WHERE id = 3))

SELECT * FROM people_old

ROLLBACK

### copy-several | a copy by a subquery with several rows
BEGIN

INSERT INTO people_old (id, ssn) VALUES (3, (SELECT ssn FROM people WHERE id = 1 OR id = 3 AND ssn > '8'))

SELECT 1 FROM people_old

ROLLBACK

### copy-multiple | an assignment of several
BEGIN

INSERT INTO people_old (id) VALUES (3)

UPDATE people_old SET (ssn, card) = (SELECT card, ssn FROM people WHERE id = 3)

SELECT * FROM people_old

ROLLBACK

### copy-merge | a copy by MERGE
BEGIN

MERGE INTO people_old o USING people p ON o.id = p.id WHEN NOT MATCHED THEN INSERT VALUES (p.id, p.ssn, p.card, p.salary)

SELECT * FROM people_old

ROLLBACK

### copy-merge-when | a copy by MERGE under a condition
BEGIN

MERGE INTO people_old o USING people p ON o.id = p.id WHEN NOT MATCHED AND p.ssn > '5' THEN INSERT VALUES (p.id, p.ssn, p.card, p.salary)

SELECT id FROM people_old ORDER BY id

ROLLBACK

### copy-returning | a copy that returns
BEGIN

INSERT INTO people_old (id, ssn) SELECT id, ssn FROM people RETURNING ssn, upper(ssn)

SELECT * FROM people_old

ROLLBACK

### copy-returning-cmp | a copy that compares on return
BEGIN

INSERT INTO people_old (id, ssn) SELECT id, ssn FROM people RETURNING ssn > '5'

SELECT * FROM people_old

ROLLBACK

### copy-type | a copy to a shorter type
BEGIN

INSERT INTO people_short (id, ssn) SELECT id, ssn FROM people

SELECT * FROM people_short

ROLLBACK

### copy-type-fails | a copy that fails by its type
BEGIN

INSERT INTO people_short (id, salary) SELECT id, (salary - 900000000000) / 1000000000 FROM people WHERE id = 3

SELECT 1

ROLLBACK

### copy-view | a copy through a view
BEGIN

INSERT INTO people_old (id, ssn) SELECT id, ssn FROM people_all

SELECT * FROM people_old

ROLLBACK

### copy-codes | a copy through a view that computes
BEGIN

INSERT INTO people_old (id, ssn) SELECT id, code FROM people_codes

SELECT * FROM people_old

ROLLBACK

### copy-json | a copy read as json
BEGIN

INSERT INTO people_old (id, ssn) SELECT id, ssn FROM people

SELECT row_to_json(o) FROM people_old o

ROLLBACK

### copy-temp | a copy of a copy
BEGIN

INSERT INTO people_old (id, ssn) SELECT id, ssn FROM people

CREATE TEMP TABLE t AS SELECT * FROM people_old

SELECT * FROM t

ROLLBACK

### copy-out | a copy that leaves by COPY
BEGIN

INSERT INTO people_old (id, ssn) SELECT id, ssn FROM people

COPY people_old TO STDOUT

ROLLBACK

### copy-column | a copy under another name
BEGIN

INSERT INTO people_old (id, ssn) SELECT id, ssn FROM people

ALTER TABLE people_old RENAME ssn TO plain

SELECT plain FROM people_old

ROLLBACK
