CREATE TABLE IF NOT EXISTS t (a int)

CREATE TABLE IF NOT EXISTS t (a int)

DROP TABLE IF EXISTS nothing_here

DO $$ BEGIN RAISE NOTICE 'hello %', 1; RAISE WARNING 'careful' USING HINT = 'a hint', DETAIL = 'a detail'; RAISE INFO 'info'; RAISE LOG 'log'; RAISE DEBUG 'debug'; END $$

SET client_min_messages = error

DO $$ BEGIN RAISE NOTICE 'not heard'; END $$

SET client_min_messages = debug1

DO $$ BEGIN RAISE DEBUG 'heard now'; END $$

RESET client_min_messages

DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = 'P0042', HINT = 'try again', TABLE = 'a table', COLUMN = 'a column', CONSTRAINT = 'a constraint', DATATYPE = 'a type', SCHEMA = 'a schema'; END $$

DO $$ BEGIN ASSERT 1 = 2, 'mathematics holds'; END $$
