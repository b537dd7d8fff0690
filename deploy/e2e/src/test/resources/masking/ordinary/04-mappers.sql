-- SPDX-License-Identifier: Apache-2.0
-- Data statements in the form in which object mappers send them: ActiveRecord prepares by name and describes portals, Django counts on savepoints and
-- names every column, SQLAlchemy inserts many rows at once and reads by cursors, and their drivers speak the extended protocol each in its own way.

### rails-find | one row of a table with masked columns, prepared by name
@masked 2 3 4 5 6 7
@parse a1 SELECT "contacts".* FROM "contacts" WHERE "contacts"."id" = $1 LIMIT $2
@sync

@bind ~ a1 text 1|1
@describe P ~
@execute ~ 0
@sync

@bind ~ a1 text 7|1
@describe P ~
@execute ~ 0
@sync

@close S a1
@sync

### rails-first | the first row by primary key
@masked 2 3 4 5 6 7
@parse a2 SELECT "contacts".* FROM "contacts" ORDER BY "contacts"."id" ASC LIMIT $1
@describe S a2
@sync

@bind ~ a2 binary 1
@describe P ~
@execute ~ 0
@sync

@close S a2
@sync

### rails-where | a page of plain columns
@parse a3 SELECT "people"."id", "people"."name" FROM "people" WHERE "people"."dept" = $1 ORDER BY "people"."name" DESC LIMIT $2 OFFSET $3
@sync

@bind ~ a3 text lab|10|0
@describe P ~
@execute ~ 0
@sync

@bind ~ a3 text sales|1|1
@describe P ~
@execute ~ 0
@sync

@close S a3
@sync

### rails-joins | rows of one table by another's condition
@parse a4 SELECT DISTINCT "orders".* FROM "orders" INNER JOIN "people" ON "people"."id" = "orders"."person" WHERE "people"."dept" = $1 AND "orders"."status" = $2 ORDER BY "orders"."id" ASC
@sync

@bind ~ a4 text lab|open
@describe P ~
@execute ~ 0
@sync

@close S a4
@sync

### rails-includes | the second query of a preload
@parse a5 SELECT "orders".* FROM "orders" WHERE "orders"."person" IN ($1, $2, $3) ORDER BY "orders"."id"
@sync

@bind ~ a5 text 1|2|3
@describe P ~
@execute ~ 0
@sync

@close S a5
@sync

### rails-eager | a join that renames every column
@masked 3
@parse a6 SELECT "people"."id" AS t0_r0, "people"."name" AS t0_r1, "people"."ssn" AS t0_r2, "orders"."id" AS t1_r0, "orders"."total" AS t1_r1 FROM "people" LEFT OUTER JOIN "orders" ON "orders"."person" = "people"."id" WHERE "people"."id" = $1 ORDER BY "orders"."id"
@sync

@bind ~ a6 text 2
@describe P ~
@execute ~ 0
@sync

@close S a6
@sync

### rails-exists | whether there is one
@parse a7 SELECT 1 AS one FROM "people" WHERE "people"."name" = $1 LIMIT $2
@sync

@bind ~ a7 text Bob|1
@describe P ~
@execute ~ 0
@sync

@close S a7
@sync

### rails-count | a count over a limited subquery
@parse a8 SELECT COUNT(*) FROM (SELECT 1 AS one FROM "people" WHERE "people"."dept" = $1 LIMIT $2) subquery_for_count
@sync

@bind ~ a8 text lab|100
@describe P ~
@execute ~ 0
@sync

@close S a8
@sync

### rails-group | a count by group
@parse a9 SELECT COUNT(*) AS "count_all", "people"."dept" AS "people_dept" FROM "people" GROUP BY "people"."dept" ORDER BY "people_dept"
@sync

@bind ~ a9 text
@describe P ~
@execute ~ 0
@sync

@close S a9
@sync

### rails-pluck | two columns, one of them masked
@masked 2
@parse b1 SELECT "people"."name", "people"."card" FROM "people" WHERE "people"."id" BETWEEN $1 AND $2 ORDER BY "people"."id" ASC
@sync

@bind ~ b1 text 1|4
@describe P ~
@execute ~ 0
@sync

@close S b1
@sync

### rails-create | a transaction that inserts and asks for the key
@cleanup DELETE FROM people WHERE id = 31
BEGIN

@parse b2 INSERT INTO "people" ("id", "name", "dept", "ssn") VALUES ($1, $2, $3, $4) RETURNING "id"
@sync

@bind ~ b2 text 31|Gus|lab|123-45-6789
@describe P ~
@execute ~ 0
@sync

COMMIT

@close S b2
@sync

### rails-update | a transaction that changes one row
BEGIN

@parse b3 UPDATE "people" SET "name" = $1, "ssn" = $2 WHERE "people"."id" = $3
@sync

@bind ~ b3 text Bert|123-45-6789|2
@describe P ~
@execute ~ 0
@sync

ROLLBACK

@close S b3
@sync

### rails-nested | transactions within transactions
BEGIN

SAVEPOINT active_record_1

@parse b4 DELETE FROM "orders" WHERE "orders"."id" = $1
@sync

@bind ~ b4 text 7
@describe P ~
@execute ~ 0
@sync

ROLLBACK TO SAVEPOINT active_record_1

RELEASE SAVEPOINT active_record_1

ROLLBACK

@close S b4
@sync

### rails-upsert | many rows at once
BEGIN

INSERT INTO "people" ("id","name","dept") VALUES (1, 'Ann', 'lab'), (32, 'Hal', 'lab') ON CONFLICT ("id") DO UPDATE SET "name"=excluded."name","dept"=excluded."dept" RETURNING "id"

ROLLBACK

### rails-touch | a change with an expression
BEGIN

@parse b5 UPDATE "orders" SET "total" = COALESCE("orders"."total", $1) + $2 WHERE "orders"."id" = $3
@sync

@bind ~ b5 text 0|5|7
@describe P ~
@execute ~ 0
@sync

ROLLBACK

@close S b5
@sync

### rails-batches | in batches by key
@parse b6 SELECT "people"."id" FROM "people" WHERE "people"."id" > $1 ORDER BY "people"."id" ASC LIMIT $2
@sync

@bind ~ b6 text 0|2
@execute ~ 0
@sync

@bind ~ b6 text 2|2
@execute ~ 0
@sync

@close S b6
@sync

### rails-lock | a row for change
BEGIN

@parse b7 SELECT "orders".* FROM "orders" WHERE "orders"."id" = $1 LIMIT $2 FOR UPDATE
@sync

@bind ~ b7 text 7|1
@describe P ~
@execute ~ 0
@sync

ROLLBACK

@close S b7
@sync

### django-get | every column of a model by name
@masked 4 5 6 7 8 9 10
@parse ~ SELECT "people"."id", "people"."name", "people"."dept", "people"."ssn", "people"."card", "people"."salary", "people"."born", "people"."profile", "people"."notes", "people"."photo", "people"."joined" FROM "people" WHERE "people"."id" = $1 LIMIT 21
@bind ~ ~ text 2
@describe P ~
@execute ~ 0
@sync

### django-list | a list of a model
@masked 4 5 6 7 8 9 10
SELECT "people"."id", "people"."name", "people"."dept", "people"."ssn", "people"."card", "people"."salary", "people"."born", "people"."profile", "people"."notes", "people"."photo", "people"."joined" FROM "people" ORDER BY "people"."name" ASC LIMIT 25

### django-related | a model and the one that it refers to
@masked 7
@parse ~ SELECT "orders"."id", "orders"."person", "orders"."total", "orders"."status", "people"."id", "people"."name", "people"."ssn" FROM "orders" INNER JOIN "people" ON ("orders"."person" = "people"."id") WHERE ("orders"."total" > $1 AND "people"."dept" = $2) ORDER BY "orders"."id" ASC LIMIT 5
@bind ~ ~ text 10.5|lab
@describe P ~
@execute ~ 0
@sync

### django-count | a count
SELECT COUNT(*) AS "__count" FROM "people" WHERE "people"."dept" = 'lab'

### django-exists | whether there is one
SELECT 1 AS "a" FROM "people" WHERE "people"."name" = 'Bob' LIMIT 1

### django-annotate | aggregates over what refers to a model
@parse ~ SELECT "people"."id", "people"."name", COUNT("orders"."id") AS "n", SUM("orders"."total") AS "spent" FROM "people" LEFT OUTER JOIN "orders" ON ("people"."id" = "orders"."person") GROUP BY "people"."id", "people"."name" HAVING COUNT("orders"."id") > $1 ORDER BY 3 DESC, 1 ASC
@bind ~ ~ text 1
@describe P ~
@execute ~ 0
@sync

### django-icontains | a search without regard to case
@parse ~ SELECT "people"."id", "people"."name" FROM "people" WHERE UPPER("people"."name"::text) LIKE UPPER($1) ORDER BY "people"."id"
@bind ~ ~ text %b%
@describe P ~
@execute ~ 0
@sync

### django-subquery | a subquery as a column
@parse ~ SELECT "people"."id", (SELECT U0."total" FROM "orders" U0 WHERE U0."person" = ("people"."id") ORDER BY U0."placed" DESC LIMIT 1) AS "newest" FROM "people" WHERE EXISTS(SELECT 1 AS "a" FROM "orders" U0 WHERE (U0."person" = ("people"."id") AND U0."status" = $1) LIMIT 1) ORDER BY "people"."id"
@bind ~ ~ text open
@describe P ~
@execute ~ 0
@sync

### django-case | a conditional expression
SELECT "orders"."id", CASE WHEN "orders"."total" > 50 THEN 'large' WHEN "orders"."total" > 20 THEN 'middle' ELSE 'small' END AS "size" FROM "orders" ORDER BY "orders"."id" LIMIT 50

### django-atomic | savepoints around each write
BEGIN

SAVEPOINT "s139_x1"

INSERT INTO "people" ("id", "name", "dept", "ssn", "card", "salary", "born") VALUES (33, 'Ida', 'lab', '123-45-6789', '4111111111111111', 5.00, '1990-01-01'::date) RETURNING "people"."id"

RELEASE SAVEPOINT "s139_x1"

SAVEPOINT "s139_x2"

UPDATE "people" SET "name" = 'Ina', "dept" = 'desk' WHERE "people"."id" = 33

ROLLBACK TO SAVEPOINT "s139_x2"

RELEASE SAVEPOINT "s139_x2"

SELECT "people"."id", "people"."name", "people"."dept" FROM "people" WHERE "people"."id" = 33

ROLLBACK

### django-failing | an error within a savepoint
BEGIN

SAVEPOINT "s139_x3"

INSERT INTO "depts" ("name", "city") VALUES ('lab', 'Rome')

ROLLBACK TO SAVEPOINT "s139_x3"

RELEASE SAVEPOINT "s139_x3"

SELECT COUNT(*) AS "__count" FROM "depts"

ROLLBACK

### django-bulk | many rows in one statement
BEGIN

@parse ~ INSERT INTO "orders" ("id", "person", "total", "placed", "status") VALUES ($1, $2, $3, $4, $5), ($6, $7, $8, $9, $10) RETURNING "orders"."id"
@bind ~ ~ text 901|1|10.00|2024-05-01|open|902|2|20.00|2024-05-02|paid
@describe P ~
@execute ~ 0
@sync

ROLLBACK

### django-bulk-update | a change by cases
BEGIN

UPDATE "orders" SET "status" = CASE WHEN ("orders"."id" = 7) THEN 'late' WHEN ("orders"."id" = 8) THEN 'lost' ELSE NULL END::text WHERE "orders"."id" IN (7, 8)

ROLLBACK

### django-delete | what refers to a row, then the row
BEGIN

DELETE FROM "orders" WHERE "orders"."person" IN (4)

SELECT "orders"."id" FROM "orders" WHERE "orders"."person" = 4

ROLLBACK

### django-iterator | a cursor for a long list
@masked 3
BEGIN

DECLARE "_django_curs_1_sync_1" NO SCROLL CURSOR WITHOUT HOLD FOR SELECT "people"."id", "people"."name", "people"."ssn" FROM "people" ORDER BY "people"."id" ASC

FETCH FORWARD 2 FROM "_django_curs_1_sync_1"

FETCH FORWARD 100 FROM "_django_curs_1_sync_1"

CLOSE "_django_curs_1_sync_1"

COMMIT

### django-lock | rows for change, others left out
BEGIN

SELECT "orders"."id", "orders"."status" FROM "orders" WHERE "orders"."status" = 'open' ORDER BY "orders"."id" LIMIT 3 FOR UPDATE SKIP LOCKED

ROLLBACK

### django-json | a key of a document that no mask names
@parse ~ SELECT "visits"."page", ("visits"."meta" #> '{agent}') AS "agent" FROM "visits" WHERE ("visits"."meta" -> 'agent') = $1::jsonb ORDER BY "visits"."id" LIMIT 5
@bind ~ ~ text "curl"
@describe P ~
@execute ~ 0
@sync

### sqlalchemy-select | labels for every column
@masked 3
@parse ~ SELECT people.id AS people_id, people.name AS people_name, people.ssn AS people_ssn FROM people WHERE people.id = $1::INTEGER
@bind ~ ~ text 2
@describe P ~
@execute ~ 0
@sync

### sqlalchemy-in | a list that grew to its length
@parse ~ SELECT orders.id, orders.total FROM orders WHERE orders.person IN ($1::INTEGER, $2::INTEGER) AND orders.status = $3::VARCHAR ORDER BY orders.id LIMIT $4::INTEGER OFFSET $5::INTEGER
@bind ~ ~ text 1|2|open|5|0
@describe P ~
@execute ~ 0
@sync

### sqlalchemy-asyncpg | prepared, described and run in three series
@masked 2
@parse __asyncpg_stmt_1__ SELECT people.id, people.card FROM people ORDER BY people.id
@describe S __asyncpg_stmt_1__
@sync

@bind ~ __asyncpg_stmt_1__ binary
@execute ~ 0
@sync

@close S __asyncpg_stmt_1__
@sync

### sqlalchemy-many | many rows with the order of their keys
BEGIN

@parse ~ INSERT INTO orders (id, person, total, status) SELECT p0::INTEGER, p1::INTEGER, p2::NUMERIC(10, 2), p3::VARCHAR FROM (VALUES ($1, $2, $3, $4, 0), ($5, $6, $7, $8, 1)) AS imp_sen(p0, p1, p2, p3, sen_counter) ORDER BY sen_counter RETURNING orders.id, orders.id AS id__1
@bind ~ ~ text 911|1|10.00|open|912|2|20.00|paid
@describe P ~
@execute ~ 0
@sync

ROLLBACK

### sqlalchemy-many-masked | the same into a table with masked columns
BEGIN

INSERT INTO people (id, name, dept, ssn) VALUES (941, 'Jon', 'lab', '123-45-6789'), (942, 'Kim', 'desk', NULL) RETURNING people.id, people.joined

ROLLBACK

### sqlalchemy-cursor | a cursor by name
@masked 2
BEGIN

DECLARE "c_7f3a_1" CURSOR WITHOUT HOLD FOR SELECT people.id, people.ssn FROM people ORDER BY people.id

FETCH FORWARD 1 FROM "c_7f3a_1"

FETCH FORWARD 5 FROM "c_7f3a_1"

FETCH FORWARD 5 FROM "c_7f3a_1"

CLOSE "c_7f3a_1"

ROLLBACK

### sqlalchemy-portal | a portal that is read in parts
@masked 2
@query BEGIN

@parse s1 SELECT people.id, people.salary FROM people ORDER BY people.id
@bind c1 s1 binary
@execute c1 2
@sync

@execute c1 2
@sync

@execute c1 0
@sync

@close P c1
@close S s1
@sync

@query ROLLBACK

### sqlalchemy-update | a change that returns what it made
BEGIN

@parse ~ UPDATE orders SET status = $1::VARCHAR WHERE orders.id = $2::INTEGER RETURNING orders.id, orders.status
@bind ~ ~ text done|9
@describe P ~
@execute ~ 0
@sync

ROLLBACK

### sqlalchemy-joined | a joined load with a limit within
@masked 3
@parse ~ SELECT anon_1.people_id, anon_1.people_name, anon_1.people_ssn, orders_1.id AS orders_1_id, orders_1.total AS orders_1_total FROM (SELECT people.id AS people_id, people.name AS people_name, people.ssn AS people_ssn FROM people ORDER BY people.id LIMIT $1::INTEGER) AS anon_1 LEFT OUTER JOIN orders AS orders_1 ON anon_1.people_id = orders_1.person ORDER BY anon_1.people_id, orders_1.id
@bind ~ ~ text 2
@describe P ~
@execute ~ 0
@sync

### sqlalchemy-cte | a common table expression
WITH spent AS (SELECT orders.person AS person, sum(orders.total) AS total FROM orders GROUP BY orders.person) SELECT people.name, spent.total FROM people JOIN spent ON spent.person = people.id WHERE spent.total > 100 ORDER BY people.name

### sqlalchemy-exists | a condition with EXISTS
SELECT people.id FROM people WHERE EXISTS (SELECT 1 FROM orders WHERE orders.person = people.id AND orders.status = 'open') ORDER BY people.id

### sqlalchemy-nothing | an insert that gives way
BEGIN

INSERT INTO depts (name, city) VALUES ('lab', 'Rome'), ('attic', 'Rome') ON CONFLICT (name) DO NOTHING RETURNING depts.name

ROLLBACK

### pipeline-mapper | several statements before one Sync
@masked 2
@parse m1 SELECT "people"."id", "people"."ssn" FROM "people" WHERE "people"."id" = $1
@bind ~ m1 text 1
@execute ~ 0
@bind ~ m1 text 2
@execute ~ 0
@bind ~ m1 text 3
@execute ~ 0
@close S m1
@sync
