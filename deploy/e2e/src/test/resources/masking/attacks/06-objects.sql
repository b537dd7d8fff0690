-- SPDX-License-Identifier: Apache-2.0

### o-view-all | a view
SELECT ssn FROM people_all WHERE id = 3

### o-view-code | a view's expression
SELECT code FROM people_codes WHERE id = 3

### o-view-nested | a view of a view
SELECT c2 FROM people_nested WHERE id = 3

### o-view-barrier | a security barrier view
SELECT ssn FROM people_bar WHERE id = 3

### o-view-condition | a view whose rows tell
SELECT * FROM people_rich

### o-view-json | a view of documents
SELECT doc FROM people_json WHERE id = 3

### o-view-array | a view of an array
SELECT * FROM people_arr

### o-view-recursive | a recursive view
SELECT ssn FROM people_walk

### o-matview | a materialized view
SELECT ssn FROM people_mat WHERE id = 3

### o-matview-code | a materialized view's expression
SELECT rev FROM people_mat_codes WHERE id = 3

### o-matview-condition | a condition on a materialized view
SELECT count(*) FROM people_mat WHERE ssn LIKE '9%'

### o-partition | a partition
SELECT secret FROM events_x WHERE id = 3

### o-partitioned | a partitioned table
SELECT secret FROM events WHERE id = 3

### o-partition-other | the other partition
SELECT * FROM events_y

### o-parent | a parent
SELECT tag FROM animals WHERE id = 4

### o-child | a child
SELECT tag FROM cats

### o-parent-of-masked | the parent of a masked child
SELECT chip FROM litter

### o-only | ONLY
SELECT tag FROM ONLY animals WHERE id = 3

### o-foreign-key | a foreign key's column
SELECT s.id, b.staff_ssn FROM staff s LEFT JOIN badges b ON b.staff_ssn = s.ssn ORDER BY s.ssn

### o-catalog-join | a join with the catalog
SELECT p.ssn FROM people p, pg_class c WHERE c.relname = 'people' AND p.id = 3

### f-sql | a function in SQL
SELECT get_ssn(3)

### f-atomic | a function with a body of SQL's standard
SELECT get_ssn_atomic(3)

### f-plpgsql | a function in PL/pgSQL
SELECT get_ssn_pl(3)

### f-definer | a function with its owner's rights
SELECT get_ssn_definer(3)

### f-qualified | a function by its schema
SELECT public.get_ssn(3)

### f-unicode | a function's name in escapes
SELECT U&"get\005Fssn"(3)

### f-named-argument | an argument by name
SELECT get_ssn_atomic(n => 3)

### f-in-from | a function in FROM
SELECT * FROM get_ssn(3)

### f-set | a function that returns rows of the table
SELECT ssn FROM all_people() WHERE id = 3

### f-set-star | all columns of such a function
SELECT * FROM all_people()

### f-table | a function that returns a table
SELECT s FROM people_table() WHERE i = 3

### f-row-argument | a function of a whole row
SELECT shout(people) FROM people WHERE id = 3

### f-row-notation | such a function in the notation of a column
SELECT people.shout FROM people WHERE id = 3

### f-row-notation-join | the same, through a join
SELECT p.shout FROM orders o JOIN people p ON p.id = o.person WHERE p.id = 3

### f-dynamic | SQL in an argument
SELECT dyn('SELECT ssn FROM people WHERE id = 3')

### f-notice | a notice by a function
SELECT noisy(ssn) FROM people WHERE id = 3

### f-spy | a cheap function sees rows before the condition
SELECT id FROM people WHERE spy(ssn) AND id = 3

### f-spy-barrier | the same on a view
SELECT id FROM people_public WHERE spy(name) AND id IN (SELECT id FROM people WHERE spy(ssn))

### f-raise | an error by a function
SELECT broken(ssn) FROM people WHERE id = 3

### f-default | a default of an argument
SELECT defaulted()

### f-variadic | VARIADIC
SELECT variadic_join(VARIADIC ARRAY[ssn, card]) FROM people WHERE id = 3

### f-aggregate | an aggregate of one's own
@database operators
SELECT cat_all(ssn) FROM people

### f-operator | an operator of one's own
@database operators
SELECT 1 |+| 2

### f-operator-qualified | the same by its schema
@database operators
SELECT 1 OPERATOR(public.|+|) 2

### f-operator-in-where | the same in a condition
@database operators
SELECT count(*) FROM orders WHERE 1 |+| 2 LIKE '9%'

### f-cast | a cast of one's own
@database operators
SELECT ROW(3)::peek::text

### f-call | CALL
CALL shout_proc('x')

### f-call-copy | CALL, then read
BEGIN

CALL copy_proc()

SELECT v FROM copies

ROLLBACK

### f-do-notice | a notice by DO
DO $$ BEGIN RAISE NOTICE '%', (SELECT ssn FROM people WHERE id = 3); END $$

### f-do-error | an error by DO
DO $$ BEGIN RAISE EXCEPTION '%', (SELECT ssn FROM people WHERE id = 3); END $$

### f-do-copy | DO copies
BEGIN

DO $$ BEGIN INSERT INTO copies SELECT id, ssn FROM people; END $$

SELECT v FROM copies

ROLLBACK

### f-do-setting | DO puts it into a setting
DO $$ BEGIN PERFORM set_config('my.x', (SELECT ssn FROM people WHERE id = 3), false); END $$

SHOW my.x

### f-do-notify | DO notifies
LISTEN leaks

DO $$ BEGIN PERFORM pg_notify('leaks', (SELECT ssn FROM people WHERE id = 3)); END $$

SELECT 1

### f-do-dynamic | EXECUTE in DO
DO $$ BEGIN EXECUTE 'INSERT INTO copies SELECT id, s' || 'sn FROM people'; END $$

SELECT v FROM copies

DELETE FROM copies

### f-create | a function made and called
BEGIN

CREATE FUNCTION mine() RETURNS text LANGUAGE sql AS 'SELECT ssn FROM people WHERE id = 3'

SELECT mine()

ROLLBACK

### f-create-plpgsql | a function in PL/pgSQL made and called
BEGIN

CREATE FUNCTION mine() RETURNS text LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT ssn FROM public.people WHERE id = 3); END'

SELECT * FROM mine()

ROLLBACK

### f-create-temp | a function in the temporary schema
CREATE FUNCTION pg_temp.mine() RETURNS text LANGUAGE sql AS 'SELECT ssn FROM public.people WHERE id = 3'

SELECT pg_temp.mine()

### f-create-shadow | a function that shadows a built-in one
BEGIN

CREATE FUNCTION public.upper(text) RETURNS text LANGUAGE sql AS 'SELECT ssn FROM public.people WHERE id = 3'

SET LOCAL search_path = public, pg_catalog

SELECT upper('x')

ROLLBACK

### f-path-shadow | a function elsewhere in the path shadows a built-in one
SET search_path = other, pg_catalog

SELECT upper('x')

### f-create-aggregate | an aggregate made
BEGIN

CREATE FUNCTION f(text, text) RETURNS text LANGUAGE sql AS 'SELECT ssn FROM public.people WHERE id = 3'

CREATE AGGREGATE g(text) (SFUNC = f, STYPE = text)

SELECT g('x')

ROLLBACK

### f-create-operator | an operator made
BEGIN

CREATE FUNCTION f(int, int) RETURNS text LANGUAGE sql AS 'SELECT ssn FROM public.people WHERE id = 3'

CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = f)

SELECT 1 === 1

ROLLBACK

### f-create-trigger | a trigger made
BEGIN

CREATE TRIGGER t BEFORE UPDATE ON people FOR EACH ROW EXECUTE FUNCTION log_old()

UPDATE people SET name = 'x' WHERE id = 3

SELECT was FROM log_people

ROLLBACK

### f-create-domain | a domain's check that tells
BEGIN

CREATE FUNCTION f(text) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RAISE NOTICE ''%'', (SELECT ssn FROM public.people WHERE id = 3); RETURN true; END'

CREATE DOMAIN dd AS text CHECK (f(VALUE))

SELECT 'x'::dd

ROLLBACK

### d-view | a view made and read
BEGIN

CREATE VIEW quick AS SELECT ssn AS z FROM people

SELECT z FROM quick

ROLLBACK

### d-view-committed | a view made and read, not in a transaction
@cleanup DROP VIEW IF EXISTS quick
CREATE VIEW quick AS SELECT ssn AS z FROM people

SELECT z FROM quick

### d-view-temp | a temporary view
CREATE TEMP VIEW quick AS SELECT id, ssn AS z FROM people

SELECT z FROM quick WHERE id = 3

### d-view-replace | a view replaced
BEGIN

CREATE OR REPLACE VIEW people_public AS SELECT id, ssn AS name, dept FROM people

SELECT name FROM people_public WHERE id = 3

ROLLBACK

### d-view-replace-committed | a view replaced, not in a transaction
@cleanup CREATE OR REPLACE VIEW people_public AS SELECT id, name, dept FROM people
CREATE OR REPLACE VIEW people_public AS SELECT id, ssn AS name, dept FROM people

SELECT name FROM people_public WHERE id = 3

### d-view-swap | a view takes the place of a table
BEGIN

ALTER TABLE copies RENAME TO old_copies

CREATE VIEW copies AS SELECT id AS k, ssn AS v FROM people

SELECT v FROM copies

ROLLBACK

### d-matview | a materialized view made
BEGIN

CREATE MATERIALIZED VIEW quick AS SELECT ssn FROM people

SELECT * FROM quick

ROLLBACK

### d-ctas | CREATE TABLE AS
BEGIN

CREATE TABLE quick AS SELECT ssn FROM people

SELECT * FROM quick

ROLLBACK

### d-ctas-committed | CREATE TABLE AS, not in a transaction
@cleanup DROP TABLE IF EXISTS quick
CREATE TABLE quick AS SELECT ssn FROM people

SELECT * FROM quick

### d-ctas-temp | CREATE TEMP TABLE AS
CREATE TEMP TABLE quick AS SELECT ssn FROM people

SELECT * FROM quick

### d-ctas-execute | CREATE TABLE AS EXECUTE
PREPARE q AS SELECT ssn FROM people

CREATE TEMP TABLE quick AS EXECUTE q

SELECT * FROM quick

### d-select-into | SELECT INTO
BEGIN

SELECT ssn INTO quick FROM people

SELECT * FROM quick

ROLLBACK

### d-select-into-temp | SELECT INTO TEMP
SELECT ssn INTO TEMP quick FROM people

SELECT * FROM quick

### d-temp-insert | a temporary table filled
CREATE TEMP TABLE quick (v text)

INSERT INTO quick SELECT ssn FROM people

SELECT v FROM quick

### d-rename-column | a column renamed
BEGIN

ALTER TABLE people RENAME COLUMN ssn TO harmless

SELECT harmless FROM people WHERE id = 3

ROLLBACK

### d-rename-table | a table renamed
BEGIN

ALTER TABLE people RENAME TO folk

SELECT ssn FROM folk WHERE id = 3

ROLLBACK

### d-rename-committed | a table renamed, not in a transaction
@cleanup ALTER TABLE IF EXISTS folk RENAME TO people
ALTER TABLE people RENAME TO folk

SELECT ssn FROM folk WHERE id = 3

### d-set-schema | a table moved
BEGIN

ALTER TABLE people SET SCHEMA "Odd Schema"

SELECT ssn FROM "Odd Schema".people WHERE id = 3

ROLLBACK

### d-rename-schema | a schema renamed
BEGIN

ALTER SCHEMA "Odd Schema" RENAME TO plain

SELECT "S S N" FROM plain."Päople"

ROLLBACK

### d-rename-schema-committed | a schema renamed, not in a transaction
@cleanup DO $$ BEGIN IF to_regnamespace('plain') IS NOT NULL THEN ALTER SCHEMA plain RENAME TO "Odd Schema"; END IF; END $$
ALTER SCHEMA "Odd Schema" RENAME TO plain

SELECT "S S N" FROM plain."Päople"

### d-check | a check that tells
BEGIN

ALTER TABLE people ADD CONSTRAINT c CHECK (ssn NOT LIKE '9%')

ROLLBACK

### d-unique-index | an index that tells
BEGIN

CREATE UNIQUE INDEX i ON people ((CASE WHEN ssn > '6' THEN 1 ELSE id END))

ROLLBACK

### d-index-error | an index's expression that fails
BEGIN

CREATE INDEX i ON people ((1 / (ssn < '6')::int))

ROLLBACK

### d-not-null | NOT NULL
BEGIN

ALTER TABLE people ADD CONSTRAINT c CHECK (ssn < '9' OR ssn IS NULL) NOT VALID

ALTER TABLE people VALIDATE CONSTRAINT c

ROLLBACK

### d-generated | a generated column added
BEGIN

ALTER TABLE people ADD COLUMN loud text GENERATED ALWAYS AS (upper(ssn)) STORED

SELECT loud FROM people WHERE id = 3

ROLLBACK

### d-foreign-key | a foreign key added
BEGIN

ALTER TABLE guesses ADD CONSTRAINT u UNIQUE (g)

ALTER TABLE cubs ADD CONSTRAINT c FOREIGN KEY (chip) REFERENCES guesses (g)

ROLLBACK

### d-attach | a partition attached to a table of one's own
BEGIN

CREATE TABLE openly (id int, kind text, secret text) PARTITION BY LIST (kind)

ALTER TABLE events DETACH PARTITION events_x

ALTER TABLE openly ATTACH PARTITION events_x FOR VALUES IN ('x')

SELECT secret FROM openly WHERE id = 3

ROLLBACK

### d-attach-prepared | a partition attached behind the back of a prepared statement
BEGIN

CREATE TABLE openly (id int, kind text, secret text) PARTITION BY LIST (kind)

PREPARE later AS SELECT upper(secret) FROM openly WHERE id = 3

ALTER TABLE events DETACH PARTITION events_x

ALTER TABLE openly ATTACH PARTITION events_x FOR VALUES IN ('x')

EXECUTE later

ROLLBACK

### d-type-length | another type, into which a value fits by its length
BEGIN

ALTER TABLE "Odd Schema"."Päople" ALTER COLUMN "S S N" TYPE varchar(5) USING repeat('x', left("S S N", 1)::int)

ROLLBACK

### d-type | another type, for which a value is legal or not
BEGIN

ALTER TABLE "Odd Schema"."Päople" ALTER COLUMN "S S N" TYPE int USING replace("S S N", '-', '')::int + 1500000000

ROLLBACK

### d-detach | a partition taken from its table
BEGIN

ALTER TABLE events DETACH PARTITION events_x

SELECT secret FROM events_x WHERE id = 3

ROLLBACK

### d-inherit | a child of one's own
BEGIN

ALTER TABLE cats NO INHERIT animals

SELECT tag FROM cats

ROLLBACK

### d-inherits | a parent of one's own
BEGIN

CREATE TABLE parent (ssn text)

ALTER TABLE people INHERIT parent

SELECT ssn FROM parent

ROLLBACK

### d-like-rule | a rule made
BEGIN

CREATE RULE r AS ON INSERT TO guesses DO ALSO SELECT ssn FROM people WHERE id = 3

INSERT INTO guesses VALUES ('x')

ROLLBACK

### d-rule-copy | a rule that copies
BEGIN

CREATE RULE r AS ON UPDATE TO depts DO ALSO INSERT INTO copies SELECT id, ssn FROM people

UPDATE depts SET city = city

SELECT v FROM copies

ROLLBACK

### d-default | a default made
BEGIN

CREATE TABLE quick (a int, v text DEFAULT get_ssn(3))

INSERT INTO quick (a) VALUES (1) RETURNING v

ROLLBACK

### d-drop-mask-column | a column dropped and another one renamed to its name
BEGIN

ALTER TABLE people DROP COLUMN name CASCADE

ALTER TABLE people RENAME COLUMN ssn TO name

SELECT name FROM people WHERE id = 3

ROLLBACK

### d-statistics | statistics made and read
BEGIN

CREATE STATISTICS st (mcv) ON ssn, card FROM people

ANALYZE people

SELECT m.values FROM pg_statistic_ext s JOIN pg_statistic_ext_data d ON d.stxoid = s.oid, pg_mcv_list_items(d.stxdmcv) m WHERE stxname = 'st'

ROLLBACK

### c-copy | COPY TO
COPY people TO STDOUT

### c-copy-columns | COPY of columns
COPY people (id, ssn) TO STDOUT

### c-copy-csv | COPY as CSV
COPY people (ssn, card) TO STDOUT WITH (FORMAT csv, HEADER, FORCE_QUOTE *)

### c-copy-binary | COPY in binary
COPY people (ssn, photo, salary) TO STDOUT WITH (FORMAT binary)

### c-copy-query | COPY of a query
COPY (SELECT ssn AS x FROM people WHERE id = 3) TO STDOUT

### c-copy-query-expr | COPY of an expression
COPY (SELECT reverse(ssn), upper(card) FROM people WHERE id = 3) TO STDOUT

### c-copy-returning | COPY of RETURNING
BEGIN

COPY (UPDATE people SET name = 'x' WHERE id = 3 RETURNING ssn) TO STDOUT

ROLLBACK

### c-copy-condition | COPY of a condition
COPY (SELECT id FROM people WHERE ssn LIKE '9%') TO STDOUT

### c-copy-partition | COPY of a partition
COPY events_x TO STDOUT

### c-copy-delimiter | COPY with a delimiter from the values
COPY people (id, ssn) TO STDOUT WITH (DELIMITER '-')

### c-copy-null | COPY with a NULL that is a value
COPY people (id, ssn) TO STDOUT WITH (NULL '912-84-7735')

### c-copy-view | COPY of a view's query
COPY (SELECT * FROM people_codes) TO STDOUT

### c-copy-old-syntax | COPY of old
COPY people (id, ssn) TO STDOUT DELIMITERS ','

### c-copy-lower | COPY within a text
SELECT 1; COPY people (ssn) TO STDOUT; SELECT 2

### c-copy-matview | COPY of a materialized view
COPY (TABLE people_mat) TO STDOUT

### s-stats | pg_stats
SELECT histogram_bounds, most_common_vals FROM pg_stats WHERE tablename = 'people' AND attname = 'ssn'

### s-stats-text | the same as a text
SELECT s::text FROM pg_stats s WHERE tablename = 'people'

### s-statistic | pg_statistic
SELECT stavalues1::text FROM pg_statistic WHERE starelid = 'people'::regclass

### s-statistic-row | a row of it
SELECT s FROM pg_statistic s WHERE starelid = 'people'::regclass

### s-statistic-copy | COPY of it
COPY pg_statistic TO STDOUT

### s-statistic-json | a document of it
SELECT row_to_json(s) FROM pg_stats s WHERE tablename = 'events'

### s-explain-analyze | rows counted by EXPLAIN
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, BUFFERS OFF) SELECT FROM people WHERE ssn LIKE '9%'

### s-explain-json | the same as a document
EXPLAIN (ANALYZE, FORMAT json, COSTS OFF, TIMING OFF, SUMMARY OFF, BUFFERS OFF) SELECT FROM people WHERE ssn LIKE '9%'

### s-explain-initplan | a plan that folds a value
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, BUFFERS OFF) SELECT id FROM orders WHERE id < (SELECT left(ssn, 1)::int FROM people WHERE id = 3)

### s-stats-ext | pg_stats_ext
BEGIN

CREATE STATISTICS common (mcv) ON ssn, card FROM people

ANALYZE people

SELECT most_common_vals::text FROM pg_stats_ext WHERE statistics_name = 'common'

ROLLBACK

### s-explain-date | a condition on a date, explained and run
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, BUFFERS OFF) SELECT id FROM people WHERE born < '1975-01-01'

### s-explain-update | an UPDATE explained and run
BEGIN

EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, BUFFERS OFF) UPDATE people SET name = name WHERE born < '1975-01-01'

ROLLBACK

### s-explain-view | a view's plan
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, BUFFERS OFF) SELECT * FROM people_rich

### x-query-to-xml | query_to_xml
SELECT query_to_xml('SELECT ssn FROM people', true, false, '')

### x-table-to-xml | table_to_xml
SELECT table_to_xml('people', true, false, '')

### x-table-to-xml-and-schema | table_to_xml_and_xmlschema
SELECT table_to_xml_and_xmlschema('people', true, false, '')

### x-schema-to-xml | schema_to_xml
SELECT schema_to_xml('Odd Schema', true, false, '')

### x-database-to-xml | database_to_xml
SELECT length(database_to_xml(true, false, '')::text), database_to_xml(true, false, '')

### x-cursor-to-xml | cursor_to_xml
BEGIN

DECLARE c CURSOR FOR SELECT ssn FROM people WHERE id = 3

SELECT cursor_to_xml('c', 5, true, false, '')

ROLLBACK

### x-query-to-xml-from | the same in FROM
SELECT * FROM query_to_xml('SELECT ssn FROM people', true, false, '') x

### x-query-to-xml-nested | the same within other functions
SELECT coalesce(NULL, xmlconcat(query_to_xml('SELECT ssn FROM people', true, false, '')))

### x-ts-stat | ts_stat
SELECT word FROM ts_stat('SELECT to_tsvector(''simple'', ssn) FROM people') ORDER BY 1

### x-ts-rewrite | ts_rewrite
SELECT ts_rewrite('a'::tsquery, 'SELECT ''a''::tsquery, (''''''''||ssn||'''''''')::tsquery FROM public.people WHERE id = 3')

### x-dblink | dblink
@simple
SELECT * FROM dblink('host=127.0.0.1 port=' || current_setting('port') || ' user=postgres dbname=' || current_database(), 'SELECT ssn FROM people WHERE id = 3') AS t (s text)

### x-dblink-exec | dblink_connect and dblink_fetch
SELECT dblink_connect('l', 'host=127.0.0.1 port=' || current_setting('port') || ' user=postgres dbname=' || current_database())

SELECT * FROM dblink('l', 'SELECT ssn FROM people WHERE id = 3') AS t (s text)

### x-crosstab-text | SQL put together at run time
SELECT * FROM crosstab('SEL' || 'ECT id, 1, ssn FROM people ORDER BY 1') AS t (id int, s text)

### x-page | the table's pages
SELECT encode(get_raw_page('people', 0), 'hex')

### x-page-items | what lies in them
SELECT t_data FROM heap_page_items(get_raw_page('people', 0))

### x-page-attrs | their columns
SELECT t_attrs FROM heap_page_item_attrs(get_raw_page('people', 0), 'people'::regclass)

### x-index-page | the index's pages
SELECT data FROM bt_page_items('people_ssn', 1)

### x-read-file | the table's file
SELECT encode(pg_read_binary_file(pg_relation_filepath('people')), 'escape')

### x-lo-get | a large object that is there
SELECT lo_get(464646)

### x-lo-read | the same, opened and read
BEGIN

SELECT loread(lo_open(464646, 262144), 100)

ROLLBACK

### o-toast | the large values' own table
SELECT chunk_data FROM letters_pieces

### o-toast-expression | an expression over it
@since 18
SELECT max(substr(chunk_data, 1, 11)) FROM letters_pieces

### x-program | a table's own file, read by a program
CHECKPOINT

BEGIN

COPY copies (v) FROM PROGRAM $x$ls -l /proc/$PPID/fd | grep -o 'base/[0-9]*' | head -1 | xargs -I d grep -rhaoE '912-84-7735|376-51-4462' d | sort -u | head -1$x$

SELECT v FROM copies WHERE k IS NULL

ROLLBACK

### x-foreign-program | the same by a foreign table
CHECKPOINT

BEGIN

CREATE EXTENSION file_fdw

CREATE SERVER files FOREIGN DATA WRAPPER file_fdw

CREATE FOREIGN TABLE found (v text) SERVER files OPTIONS (program $x$ls -l /proc/$PPID/fd | grep -o 'base/[0-9]*' | head -1 | xargs -I d grep -rhaoE '912-84-7735|376-51-4462' d | sort -u | head -1$x$)

SELECT v FROM found

ROLLBACK

### x-copy-file | a file of the server, whatever it holds
BEGIN

COPY copies (v) FROM '/proc/self/stat'

SELECT v FROM copies WHERE k IS NULL

ROLLBACK

### x-lo-import | the same, as a large object
BEGIN

SELECT lo_import('/proc/self/stat', 474747)

SELECT convert_from(lo_get(474747), 'UTF8')

ROLLBACK

### x-lo-put | a value put into a large object
BEGIN

SELECT lo_from_bytea(434343, ssn::bytea) FROM people WHERE id = 3

SELECT lo_get(434343)

ROLLBACK

### x-lo-table | the same, read from its table
BEGIN

SELECT lo_from_bytea(444444, ssn::bytea) FROM people WHERE id = 3

SELECT data FROM pg_largeobject WHERE loid = 444444

ROLLBACK

### x-set-config | a value put into a setting
SELECT set_config('my.x', ssn, false) FROM people WHERE id = 3

SELECT current_setting('my.x')

### x-application-name | a value in a reported setting
SELECT set_config('application_name', ssn, false) FROM people WHERE id = 3

### x-notify | a value in a notification
LISTEN leaks

SELECT pg_notify('leaks', ssn) FROM people WHERE id = 3

SELECT 1

### x-notify-channel | a value as a channel
LISTEN "912-84-7735"

SELECT pg_notify(ssn, 'hit') FROM people WHERE id = 3

SELECT 1

### x-advisory | a value as a lock
BEGIN

SELECT pg_advisory_xact_lock(ascii(ssn)) FROM people WHERE id = 3

SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()

ROLLBACK

### x-sequence | a value in a sequence
BEGIN

SELECT setval('visits_id_seq', ascii(ssn)) FROM people WHERE id = 3

SELECT last_value FROM visits_id_seq

ROLLBACK

### x-logical-message | a value in the log of changes
SELECT pg_logical_emit_message(false, 'x', ssn) IS NOT NULL, ascii(ssn) FROM people WHERE id = 3

### x-role | as another role
SET ROLE clerk

SELECT ssn FROM people WHERE id = 3

### x-role-walker | as another superuser
SET ROLE walker

SELECT reverse(ssn) FROM people WHERE id = 3

### x-session-authorization | SET SESSION AUTHORIZATION
SET SESSION AUTHORIZATION walker

SELECT ssn FROM public.people WHERE id = 3

### x-path-shadow | a temporary table in front of the table
CREATE TEMP TABLE people (id int, ssn text)

SELECT ssn FROM public.people WHERE id = 3

### x-path-temp-last | pg_temp behind the table
CREATE TEMP TABLE people (id int, ssn text)

SET search_path = public, pg_temp

SELECT ssn FROM people WHERE id = 3

### x-path-empty | no path
SET search_path = ''

SELECT ssn FROM public.people WHERE id = 3

### x-path-catalog | a path with another order
SET search_path = other, public, pg_catalog

SELECT ssn FROM public.people WHERE id = 3

### x-debug-print | the server prints its trees
SET client_min_messages = debug1

SET debug_print_plan = on

SELECT id FROM people WHERE id = (SELECT ascii(ssn) FROM people WHERE id = 3)

SELECT ssn FROM people WHERE id = 3

### x-debug-messages | the server says more
SET client_min_messages = debug5

SELECT ssn FROM people WHERE id = 3

### x-row-security | row security
BEGIN

SET LOCAL row_security = off

SELECT ssn FROM people WHERE id = 3

ROLLBACK

### x-bytea-output | another output of bytea
SET bytea_output = escape

SELECT photo FROM people WHERE id = 3

### x-date-style | another output of dates
SET DateStyle = German

SELECT born FROM people WHERE id = 3

### x-interval-style | another output of numbers
SET lc_monetary = 'C'

SELECT salary::money::text FROM people WHERE id = 3

### x-json-string | strings of another standard
SET standard_conforming_strings = off

SELECT ssn || '\'' FROM people WHERE id = 3

### x-parameter | a function's result, its argument a parameter
@parse ~ SELECT get_ssn($1)
@bind ~ ~ text 3
@execute ~ 0
@sync

### x-parallel | a parallel plan
SET debug_parallel_query = on

SELECT ssn FROM people WHERE id = 3

### x-plan-cache | a generic plan
SET plan_cache_mode = force_generic_plan

@parse g SELECT ssn FROM people WHERE id = $1
@bind ~ g text 3
@execute ~ 0
@sync

@bind ~ g binary 3
@execute ~ 0
@sync

### x-snapshot | a snapshot exported and used
BEGIN ISOLATION LEVEL REPEATABLE READ

SELECT ssn FROM people WHERE id = 3

COMMIT

### cluster | rows put in the order of a masked column
BEGIN

CLUSTER people USING people_ssn

SELECT id FROM people

ROLLBACK
