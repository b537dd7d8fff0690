SELEC 1

SELECT FROM WHERE

SELECT 'unterminated

SELECT 1 +

SELECT "unterminated

SELECT /* unterminated

CREATE TABLE t (a int,, b int)

SELECT 'ünïcödé before', tpyo tpyo tpyo

SELECT 1 1
