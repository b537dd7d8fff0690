-- SPDX-License-Identifier: Apache-2.0
-- The end of a transaction gives names, settings and portals another meaning, and tells what it had put off.

### t-failed-write | what follows ROLLBACK in the same text, in a failed transaction
@cleanup DELETE FROM copies
BEGIN

SELECT 1/0

ROLLBACK; INSERT INTO copies SELECT id, ssn FROM people WHERE id = 3

SELECT v FROM copies

### t-failed-commit | the same behind COMMIT
@cleanup DELETE FROM copies
BEGIN

SELECT 1/0

COMMIT; INSERT INTO copies SELECT id, ssn FROM people WHERE id = 3

SELECT v FROM copies

### t-failed-savepoint | the same behind ROLLBACK TO
BEGIN

SAVEPOINT a

SELECT 1/0

ROLLBACK TO a; INSERT INTO copies SELECT id, ssn FROM people WHERE id = 3

SELECT v FROM copies

ROLLBACK

### t-failed-notice | a message for others behind ROLLBACK
LISTEN t_failed

BEGIN

SELECT 1/0

ROLLBACK; SELECT pg_notify('t_failed', ssn) FROM people WHERE id = 3

SELECT 1

### t-commit-path | a path that ends with COMMIT, in front of a query
BEGIN

SET LOCAL search_path = other

COMMIT; SELECT ssn || '' FROM people WHERE id = 3

### t-commit-path-plain | the same with the column itself, by extended query
BEGIN

SET LOCAL search_path = other

@parse ~ COMMIT
@bind ~ ~ text
@execute ~ 0
@parse ~ SELECT ssn FROM people WHERE id = 3
@bind ~ ~ text
@execute ~ 0
@sync

### t-end-path | a path that ends with END, in front of a write
@cleanup DELETE FROM copies
BEGIN

SET LOCAL search_path = other

END; INSERT INTO public.copies SELECT id, ssn FROM people WHERE id = 3

SELECT v FROM copies

### t-rollback-path | a path that ends with ROLLBACK
BEGIN

SET search_path = other

ROLLBACK; SELECT ssn || '' FROM people WHERE id = 3

### t-savepoint-path | a path that ends with ROLLBACK TO
BEGIN

SAVEPOINT a

SET search_path = other

ROLLBACK TO a; SELECT ssn || '' FROM people WHERE id = 3

ROLLBACK

### t-savepoint-kept | a path from before the savepoint, which ends with COMMIT
BEGIN

SET LOCAL search_path = other

SAVEPOINT a

ROLLBACK TO a

COMMIT; SELECT ssn || '' FROM people WHERE id = 3

### t-chain-path | a path that ends with COMMIT AND CHAIN
BEGIN

SET LOCAL search_path = other

COMMIT AND CHAIN; SELECT ssn || '' FROM people WHERE id = 3

ROLLBACK

### t-rollback-table | a table that ends with ROLLBACK
SET search_path = other, public

BEGIN

CREATE TABLE other.staff (id int, ssn text)

ROLLBACK; SELECT ssn || '' FROM staff WHERE id = 3

### t-series-path | a path that ends with its series of messages
@parse t SET LOCAL search_path = other
@bind ~ t text
@execute ~ 0
@parse s SELECT ssn FROM people WHERE id = 3
@flush
@sync

@bind ~ s text
@execute ~ 0
@sync

### t-series-path-expression | the same text by simple query
@parse t SET LOCAL search_path = other
@bind ~ t text
@execute ~ 0
@parse ~ SELECT ssn || '' FROM people WHERE id = 3
@bind ~ ~ text
@execute ~ 0
@sync

SELECT ssn || '' FROM people WHERE id = 3

### t-series-error | a path that ends with an error
@parse t SET search_path = other
@bind ~ t text
@execute ~ 0
@parse s SELECT ssn FROM people WHERE id = 3
@parse ~ SELECT 1/0
@bind ~ ~ text
@execute ~ 0
@sync

@parse s2 SELECT ssn FROM people WHERE id = 3
@bind ~ s2 text
@execute ~ 0
@sync

### t-text-error | a path that ends with an error in the same text
SET search_path = other; SELECT 1/0

SELECT ssn || '' FROM people WHERE id = 3

### t-text-local | a path that ends with its text
SET LOCAL search_path = other; SELECT ssn || '' FROM people WHERE id = 3

SELECT ssn || '' FROM people WHERE id = 3

### t-portal-savepoint | a portal that ended with a savepoint, and a cursor of its name
BEGIN

SAVEPOINT a

@parse ~ SELECT name FROM depts
@bind c ~ text
@sync

ROLLBACK TO a

DECLARE c CURSOR FOR SELECT ssn FROM people WHERE id = 3

@execute c 0
@sync

ROLLBACK

### t-portal-chain | a portal that ended with COMMIT AND CHAIN
BEGIN

@parse ~ SELECT name FROM depts
@bind c ~ text
@sync

COMMIT AND CHAIN

DECLARE c CURSOR FOR SELECT ssn FROM people WHERE id = 3

@execute c 0
@sync

ROLLBACK

### t-portal-text | a portal that ended within a text
BEGIN

@parse ~ SELECT name FROM depts
@bind c ~ text
@sync

COMMIT; BEGIN

DECLARE c CURSOR FOR SELECT ssn FROM people WHERE id = 3

@execute c 0
@sync

ROLLBACK

### t-portal-pipelined | a portal that is not made, because there is a cursor of its name
BEGIN

DECLARE c CURSOR FOR SELECT ssn FROM people WHERE id = 3

SAVEPOINT a

@parse ~ SELECT name FROM depts
@bind c ~ text
@sync
@query ROLLBACK TO a
@execute c 0
@sync

ROLLBACK

### t-cursor-savepoint | a cursor that ended with a savepoint, and a portal of its name
BEGIN

SAVEPOINT a

DECLARE c CURSOR FOR SELECT name FROM depts

ROLLBACK TO a

@parse ~ SELECT ssn FROM people WHERE id = 3
@bind c ~ text
@sync

FETCH ALL FROM c

ROLLBACK

### t-deferred-commit | a foreign key that is checked by COMMIT
BEGIN

SET CONSTRAINTS ALL DEFERRED

DELETE FROM staff WHERE id = 3

COMMIT

### t-deferred-set | a foreign key that is checked by SET CONSTRAINTS
BEGIN

SET CONSTRAINTS ALL DEFERRED

DELETE FROM staff WHERE id = 3

SET CONSTRAINTS ALL IMMEDIATE

ROLLBACK

### t-deferred-sync | a foreign key that is checked at the end of a series
@parse ~ DELETE FROM staff_late WHERE id = 3
@bind ~ ~ text
@execute ~ 0
@sync

### t-deferred-text | a foreign key that is checked at the end of a text
DELETE FROM staff_late WHERE id = 3; SELECT 1

### t-deferred-commit-extended | a foreign key that is checked by COMMIT, by extended query
BEGIN

DELETE FROM staff_late WHERE id = 3

@parse ~ COMMIT
@bind ~ ~ text
@execute ~ 0
@sync

ROLLBACK
