-- SPDX-License-Identifier: Apache-2.0
-- What the form of an answer tells where its values are masked.

### f-sjis | bytes of a character that look like a delimiter
SET client_encoding = 'SJIS'

COPY (SELECT chr(12449), ssn, chr(34920), 'z' FROM people WHERE id = 3) TO STDOUT (DELIMITER '@')

### f-sjis-startup | the same within a series
@parse ~ SET client_encoding = 'SJIS'
@bind ~ ~ text
@execute ~ 0
@parse ~ COPY (SELECT chr(12449), ssn, chr(34920), 'z' FROM people WHERE id = 3) TO STDOUT (DELIMITER '@')
@bind ~ ~ text
@execute ~ 0
@sync

### f-gbk | the same in another encoding
SET client_encoding = 'GBK'

COPY (SELECT chr(19970), ssn, chr(19970), 'z' FROM people WHERE id = 3) TO STDOUT (DELIMITER '@')

### f-sjis-json | what a partial mask of a document reads
SET client_encoding = 'SJIS'

SELECT chr(12449), ssn, profile FROM people WHERE id = 3

### f-copy-null | COPY of a condition that gives NULL
COPY (SELECT id, CASE WHEN ssn < '5' THEN 1 END FROM people WHERE id = 3) TO STDOUT

### f-copy-nullif | COPY of NULLIF
COPY (SELECT id, nullif(ssn, '912-84-7735') FROM people WHERE id = 3) TO STDOUT

### f-copy-null-csv | the same in csv
COPY (SELECT id, nullif(ssn, '912-84-7735') FROM people WHERE id = 3) TO STDOUT (FORMAT csv)

### f-copy-null-binary | the same in binary
COPY (SELECT id, CASE WHEN ssn < '5' THEN 1 END FROM people WHERE id = 3) TO STDOUT (FORMAT binary)

### f-copy-null-view | the same by a view
CREATE TEMP VIEW v AS SELECT id, CASE WHEN ssn < '5' THEN 1 END AS f FROM people

COPY (SELECT f FROM v WHERE id = 3) TO STDOUT

### f-csv-null | csv quotes what is equal to its NULL
COPY (SELECT id, ssn FROM people WHERE id = 3) TO STDOUT (FORMAT csv, NULL '912-84-7735')

### f-csv-delimiter | csv quotes what holds its delimiter
COPY (SELECT id, ssn FROM people WHERE id = 3) TO STDOUT (FORMAT csv, DELIMITER '1')

### f-csv-quote | csv quotes what holds its quote
COPY (SELECT id, ssn FROM people WHERE id = 3) TO STDOUT (FORMAT csv, QUOTE '1')

### f-csv-quote-partial | the same of a column of which the end is shown
COPY (SELECT id, card FROM people WHERE id = 3) TO STDOUT (FORMAT csv, QUOTE '3')

### f-view-null | a view's condition that gives NULL
CREATE TEMP VIEW v AS SELECT id, CASE WHEN ssn < '5' THEN 1 END AS f FROM people

SELECT id, f FROM v WHERE id = 3

### f-view-null-extended | the same by extended query
CREATE TEMP VIEW v AS SELECT id, nullif(ssn, '912-84-7735') AS f FROM people

@parse ~ SELECT id, f FROM v WHERE id = 3
@bind ~ ~ binary
@execute ~ 0
@sync

### f-view-null-kept | the same by a view that is there
SELECT id, low FROM people_low WHERE id = 3

### f-explain-sort | EXPLAIN ANALYZE tells the memory of a sort
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, BUFFERS OFF) SELECT CASE WHEN ssn < '5' THEN l.x END FROM people, (SELECT string_agg(v.page, '') AS x FROM visits v, orders o, depts d) l WHERE id = 3 ORDER BY name

### f-explain-serialize | EXPLAIN tells the bytes of an answer
@since 17
EXPLAIN (ANALYZE, SERIALIZE, COSTS OFF, TIMING OFF, SUMMARY OFF, BUFFERS OFF) SELECT CASE WHEN ssn < '5' THEN l.x END FROM people, (SELECT string_agg(v.page, '') AS x FROM visits v, orders o, depts d) l WHERE id = 3

### f-explain-cte | EXPLAIN ANALYZE tells the memory of what is only counted
@since 18
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, BUFFERS OFF) WITH c AS MATERIALIZED (SELECT CASE WHEN ssn < '5' THEN l.x END AS f FROM people, (SELECT string_agg(v.page, '') AS x FROM visits v, orders o, depts d) l WHERE id = 3) SELECT count(*) FROM c, c AS d

### f-explain-old | the same in the old syntax
EXPLAIN ANALYZE SELECT CASE WHEN ssn < '5' THEN l.x END FROM people, (SELECT string_agg(v.page, '') AS x FROM visits v, orders o, depts d) l WHERE id = 3 ORDER BY name

### f-stamp | a trigger that notes the time by anybody's now()
CREATE SCHEMA m

CREATE FUNCTION m.now() RETURNS text LANGUAGE sql AS 'SELECT ssn FROM public.people WHERE id = 3'

CREATE FUNCTION m.stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.v := now(); RETURN NEW; END'

CREATE TRIGGER stamp BEFORE INSERT ON copies FOR EACH ROW EXECUTE FUNCTION m.stamp()

SET search_path = m, pg_catalog, public

INSERT INTO public.copies VALUES (1, 'x')

SELECT v FROM public.copies
@cleanup DROP SCHEMA IF EXISTS m CASCADE
@cleanup DELETE FROM copies

### f-stamp-there | the same by a trigger that is there
CREATE SCHEMA m

CREATE FUNCTION m.now() RETURNS timestamptz LANGUAGE sql AS 'SELECT to_timestamp(replace(ssn, ''-'', '''')::bigint) FROM public.people WHERE id = 3'

SET search_path = m, pg_catalog, public

INSERT INTO public.stamped (id) VALUES (1)

SELECT extract(epoch FROM at) FROM public.stamped
@cleanup DROP SCHEMA IF EXISTS m CASCADE
@cleanup DELETE FROM stamped

### f-binary-fetch | a binary cursor fetched by simple query
BEGIN

DECLARE c BINARY CURSOR FOR SELECT salary, ssn, notes, born FROM people WHERE id = 3

FETCH ALL FROM c

ROLLBACK
