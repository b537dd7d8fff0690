CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')

CREATE DOMAIN small AS int CHECK (VALUE < 10)

CREATE TABLE feelings (m mood, s small, r int4range)

INSERT INTO feelings VALUES ('ok', 3, '[1,5)'), ('happy', NULL, 'empty') RETURNING *

SELECT m, s, r, int4multirange(r) FROM feelings ORDER BY m DESC

SELECT 'furious'::mood

SELECT 11::small

SELECT $1::mood, $2::small
--@ parameter sad
--@ parameter 5
