CREATE TABLE wide (c1 int, c2 int, c3 int, c4 int, c5 int, c6 int, c7 int, c8 int, "column with spaces" int, "日本" int)

INSERT INTO wide VALUES (1,2,3,4,5,6,7,8,9,10)

SELECT *, wide.*, wide FROM wide

SELECT c1 AS "", c2 AS "a very long column name that is longer than the sixty-three bytes that PostgreSQL keeps of it" FROM wide

DO $$ BEGIN EXECUTE 'CREATE TABLE wider (' || (SELECT string_agg('c' || i || ' int', ', ') FROM generate_series(1, 1500) i) || ')'; END $$

INSERT INTO wider DEFAULT VALUES

SELECT * FROM wider
