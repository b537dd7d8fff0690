-- SPDX-License-Identifier: Apache-2.0
-- Code that runs without being named, and names that change their meaning.

### domain-new | a domain whose check reads
BEGIN

CREATE FUNCTION spyd(text) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RAISE NOTICE ''saw %'', (SELECT ssn FROM public.people WHERE id = 3); RETURN true; END'

CREATE DOMAIN dd AS text CHECK (spyd(VALUE))

SELECT 'x'::dd

ROLLBACK

### domain-new-error | a domain whose check fails with a value
BEGIN

CREATE FUNCTION spyd(text) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''saw %'', (SELECT ssn FROM public.people WHERE id = 3); RETURN true; END'

CREATE DOMAIN dd AS text CHECK (spyd(VALUE))

SELECT 'x'::dd

ROLLBACK

### domain-array | an array of a domain, checked when it is read
BEGIN

CREATE FUNCTION spyd(text) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''saw %'', (SELECT ssn FROM public.people WHERE id = 3); RETURN true; END'

CREATE DOMAIN dd AS text CHECK (spyd(VALUE))

SELECT '{x}'::dd[]

ROLLBACK

### domain-composite | a composite with a domain
BEGIN

CREATE FUNCTION spyd(text) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''saw %'', (SELECT ssn FROM public.people WHERE id = 3); RETURN true; END'

CREATE DOMAIN dd AS text CHECK (spyd(VALUE))

CREATE TYPE cc AS (d dd)

SELECT '(x)'::cc

ROLLBACK

### domain-table | a column of a domain
BEGIN

CREATE FUNCTION spyd(text) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''saw %'', (SELECT ssn FROM public.people WHERE id = 3); RETURN true; END'

CREATE DOMAIN dd AS text CHECK (spyd(VALUE))

CREATE TABLE ddt (d dd)

INSERT INTO ddt VALUES ('x')

ROLLBACK

### domain-cast | a value cast to a domain
BEGIN

CREATE FUNCTION spyd(text) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RAISE NOTICE ''saw %'', (SELECT ssn FROM public.people WHERE id = 3); RETURN true; END'

CREATE DOMAIN dd AS text CHECK (spyd(VALUE))

SELECT name::dd FROM depts

ROLLBACK

### domain-parameter | a parameter of a domain
BEGIN

CREATE FUNCTION spyd(text) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''saw %'', (SELECT ssn FROM public.people WHERE id = 3); RETURN true; END'

CREATE DOMAIN dd AS text CHECK (spyd(VALUE))

PREPARE q (dd) AS SELECT $1

EXECUTE q ('x')

ROLLBACK

### text-view | a view replaced in the same text
BEGIN

CREATE OR REPLACE VIEW depts_view AS SELECT ssn AS name, name AS city FROM people; SELECT name FROM depts_view; ROLLBACK

ROLLBACK

### text-view-temp | a temporary view in the same text
BEGIN

CREATE TEMP VIEW depts AS SELECT ssn AS name FROM people; SELECT name FROM depts

ROLLBACK

### text-function | a function replaced in the same text
BEGIN

CREATE OR REPLACE FUNCTION greeting() RETURNS text LANGUAGE sql STABLE AS 'SELECT ssn FROM public.people WHERE id = 3'; SELECT greeting()

ROLLBACK

### tx-function | a function replaced in the same transaction
BEGIN

CREATE OR REPLACE FUNCTION greeting() RETURNS text LANGUAGE sql STABLE AS 'SELECT ssn FROM public.people WHERE id = 3'

SELECT greeting()

ROLLBACK

### tx-function-view | the same, by way of a view
BEGIN

CREATE OR REPLACE FUNCTION dept_city(d text) RETURNS text LANGUAGE sql STABLE AS 'SELECT ssn FROM public.people WHERE id = 3'

SELECT c FROM dept_cities

ROLLBACK

### tx-view | a view replaced in the same transaction
BEGIN

CREATE OR REPLACE VIEW depts_view AS SELECT ssn AS name, name AS city FROM people

SELECT name FROM depts_view

ROLLBACK

### tx-function-default | a default added to a function
BEGIN

CREATE OR REPLACE FUNCTION dept_city(d text DEFAULT get_ssn(3)) RETURNS text LANGUAGE sql STABLE AS 'SELECT d'

SELECT dept_city()

ROLLBACK

### kept-function | a function replaced, then called
@cleanup CREATE OR REPLACE FUNCTION greeting() RETURNS text LANGUAGE sql STABLE AS 'SELECT ''hello''::text'
CREATE OR REPLACE FUNCTION greeting() RETURNS text LANGUAGE sql STABLE AS 'SELECT ssn FROM public.people WHERE id = 3'

SELECT greeting()

### kept-temp-view | a temporary view that a function reads
CREATE TEMP VIEW depts AS SELECT 'sales'::text AS name, ssn AS city FROM people WHERE id = 3

CREATE FUNCTION pg_temp.city() RETURNS text LANGUAGE sql AS 'SELECT city FROM depts'

SELECT pg_temp.city()

### function-indirect | a function that calls a function
SELECT indirect(3)

### function-fails | a function that fails for one value
SELECT inverse(salary - 918273645546.37) IS NULL FROM people WHERE id = 3

### function-part | a function over a masked column
SELECT initials(ssn) FROM people WHERE id = 3

### function-where | a function over a masked column, in a condition
SELECT id FROM people WHERE initials(ssn) = '9'

### alter-parent | a column added that a child has masked
BEGIN

CREATE TABLE above (id int)

ALTER TABLE cubs INHERIT above

ALTER TABLE above ADD COLUMN chip text

SELECT chip FROM above

ROLLBACK

### ctas-masked | a table made from masked columns
BEGIN

CREATE TABLE made AS SELECT id, ssn FROM people

SELECT * FROM made

ROLLBACK

### ctas-data | a table made without data at first
BEGIN

CREATE TABLE made AS SELECT id, ssn FROM people WITH NO DATA

INSERT INTO made SELECT id, ssn FROM people

SELECT * FROM made

ROLLBACK

### ctas-where | a table made under a condition
BEGIN

CREATE TABLE made AS SELECT id FROM people WHERE ssn > '5' AND id = 3

SELECT * FROM made

ROLLBACK

### ctas-execute | a table made by EXECUTE
BEGIN

PREPARE q AS SELECT ssn FROM people

CREATE TABLE made AS EXECUTE q

SELECT * FROM made

ROLLBACK

### ctas-columns | a table made with names of its own
BEGIN

CREATE TEMP TABLE made (a, b) AS SELECT id, ssn FROM people WITH DATA

SELECT b FROM made

ROLLBACK

### ctas-row | a table made of rows
BEGIN

CREATE TABLE made AS SELECT p FROM people p

SELECT * FROM made

ROLLBACK

### matview-masked | a materialized view made from masked columns
BEGIN

CREATE MATERIALIZED VIEW made AS SELECT id, ssn FROM people

SELECT * FROM made

ROLLBACK

### refresh-replaced | a materialized view refreshed over another view
BEGIN

CREATE VIEW beneath AS SELECT name FROM depts

CREATE MATERIALIZED VIEW made AS SELECT * FROM beneath

CREATE OR REPLACE VIEW beneath AS SELECT ssn AS name FROM people

REFRESH MATERIALIZED VIEW made

SELECT * FROM made

ROLLBACK

### prepare-typed | a prepared statement with types
BEGIN

PREPARE q (int) AS SELECT ssn FROM people WHERE id = $1

EXECUTE q (3)

ROLLBACK

### prepare-typed-cond | a condition in a prepared statement with types
BEGIN

PREPARE q (text, int) AS SELECT id FROM people WHERE ssn > $1 AND id = $2

EXECUTE q ('5', 3)

ROLLBACK

### current-of-returning | a row updated where a cursor is, returned
BEGIN

DECLARE c CURSOR FOR SELECT id FROM people WHERE id = 3 FOR UPDATE

FETCH c

UPDATE people SET name = 'x' WHERE CURRENT OF c RETURNING ssn

ROLLBACK

### domain-check | a domain whose check reads
@database operators
SELECT 'x'::spied

### domain-check-cast | a value cast to it
@database operators
SELECT name::spied FROM depts

### domain-check-error | a domain whose check fails with a value
@database operators
SELECT 'x'::spoilt

### domain-check-array | an array of it, read when the statement is analysed
@database operators
SELECT '{x}'::spoilt[]

### domain-check-notice-array | an array of one that tells
@database operators
SELECT '{x}'::spied[]

### domain-check-composite | a composite of it
@database operators
SELECT '(1,x)'::spoilt_pair

### domain-check-column | a column of it
@database operators
BEGIN

INSERT INTO spied_table VALUES ('x')

ROLLBACK

### domain-check-copy | a column of it, by COPY
@database operators
@copy x
BEGIN

COPY spied_table FROM STDIN

ROLLBACK

### domain-check-parameter | a parameter of it
@database operators
PREPARE q (spied) AS SELECT $1

EXECUTE q ('x')

DEALLOCATE ALL

### domain-check-array-series | an array of it, by messages
@database operators
@parse ~ SELECT '{x}'::spoilt[]
@bind ~ ~ text
@execute ~ 0
@sync
