CREATE TABLE t (a int, b text)

COPY t FROM STDIN
--@ copy 1\tone
--@ copy 2\t\\N
--@ copy 3\tthree ☃

COPY t (a) FROM STDIN WITH (FORMAT csv, HEADER)
--@ copy a
--@ copy 4

COPY t FROM STDIN WITH (FORMAT csv, DELIMITER ';', NULL 'nil')
--@ copy 5;"with ""quotes"" and ; inside"
--@ copy 6;nil

COPY t FROM STDIN
--@ copy not a number\tx

COPY t FROM STDIN
--@ copy 7\tgiven up
--@ copyfail the client changed its mind

COPY t FROM STDIN
--@ copy 8\ttoo\tmany

COPY missing FROM STDIN
--@ copy 1

SELECT * FROM t ORDER BY a

BEGIN

COPY t FROM STDIN
--@ copy bad

SELECT 1

ROLLBACK
