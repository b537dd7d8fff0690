-- SPDX-License-Identifier: Apache-2.0

### w-unique-guess | a guess at a unique column
BEGIN

INSERT INTO staff VALUES (9, '912-84-7735')

ROLLBACK

### w-unique-conflict | a guess by ON CONFLICT
BEGIN

INSERT INTO staff VALUES (9, '912-84-7735') ON CONFLICT DO NOTHING

ROLLBACK

### w-unique-arbiter | a guess by ON CONFLICT with a column
BEGIN

INSERT INTO staff VALUES (9, '912-84-7735') ON CONFLICT (ssn) DO UPDATE SET id = 10 RETURNING id

ROLLBACK

### w-unique-update | a guess by an UPDATE
BEGIN

UPDATE staff SET ssn = '912-84-7735' WHERE id = 1

ROLLBACK

### w-fk-guess | a guess at what a foreign key refers to
BEGIN

INSERT INTO badges VALUES (1, '912-84-7735')

ROLLBACK

### w-trigger-copy | what a trigger copied
BEGIN

UPDATE watched SET name = 'x' WHERE id = 3

SELECT was FROM watched_log

ROLLBACK

### w-trigger-fill | what a trigger fills in
BEGIN

INSERT INTO inbox (id) VALUES (3) RETURNING answer

ROLLBACK

### w-trigger-fill-read | what a trigger filled in, read later
BEGIN

INSERT INTO inbox (id) VALUES (3)

SELECT answer FROM inbox

ROLLBACK

### w-default | a default that reads
BEGIN

INSERT INTO answers (id) VALUES (1) RETURNING answer

ROLLBACK

### w-default-read | a default that reads, read later
BEGIN

INSERT INTO answers (id) VALUES (1)

SELECT answer FROM answers

ROLLBACK

### w-default-copy | a default that reads, by COPY
@copy 1
BEGIN

COPY answers (id) FROM STDIN

SELECT answer FROM answers

ROLLBACK

### w-generated | a generated column
SELECT loud FROM twin

### w-generated-cond | a condition on a generated column
SELECT id FROM twin WHERE loud LIKE '9%'
