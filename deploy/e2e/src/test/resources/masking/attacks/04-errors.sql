-- SPDX-License-Identifier: Apache-2.0

### w-cast-error | an error that quotes the value
SELECT ssn::int FROM people WHERE id = 3

### w-cast-date | a date's error
SELECT ssn::date FROM people WHERE id = 3

### err-div | an error as a bit
SELECT 1 / (CASE WHEN ssn LIKE '9%' THEN 0 ELSE 1 END) FROM people WHERE id = 3

### err-cast | an error as a bit
SELECT (CASE WHEN ssn LIKE '9%' THEN 'x' ELSE '1' END)::int FROM people WHERE id = 3

### err-overflow | an error as a bit
SELECT (CASE WHEN ssn > '6' THEN 2147483647 ELSE 1 END) + 1 FROM people WHERE id = 3

### err-sqrt | an error as a bit
SELECT sqrt(CASE WHEN ssn > '6' THEN -1 ELSE 1 END) FROM people WHERE id = 3

### err-log | an error as a bit
SELECT ln(CASE WHEN ssn > '6' THEN 0 ELSE 1 END) FROM people WHERE id = 3

### err-subquery-rows | an error as a bit
SELECT (SELECT id FROM orders WHERE id <= CASE WHEN p.ssn > '6' THEN 2 ELSE 1 END) FROM people p WHERE id = 3

### err-array-bound | an error as a bit
SELECT array_fill(1, ARRAY[CASE WHEN ssn > '6' THEN -1 ELSE 1 END]) FROM people WHERE id = 3

### err-regexp | an error as a bit
SELECT 'a' ~ (CASE WHEN ssn > '6' THEN '(' ELSE 'a' END) FROM people WHERE id = 3

### err-date | an error as a bit
SELECT make_date(CASE WHEN ssn > '6' THEN 0 ELSE 1 END, 1, 1) FROM people WHERE id = 3

### err-json | an error as a bit
SELECT (CASE WHEN ssn > '6' THEN '{' ELSE '{}' END)::json FROM people WHERE id = 3

### err-jsonpath | an error as a bit
SELECT jsonb_path_query('[1]', ('strict $[' || CASE WHEN ssn > '6' THEN '5' ELSE '0' END || ']')::jsonpath) FROM people WHERE id = 3

### err-substring | an error as a bit
SELECT substr('abc', 1, CASE WHEN ssn > '6' THEN -1 ELSE 1 END) FROM people WHERE id = 3

### err-chr | an error as a bit
SELECT chr(CASE WHEN ssn > '6' THEN 0 ELSE 65 END) FROM people WHERE id = 3

### err-decode | an error as a bit
SELECT decode(CASE WHEN ssn > '6' THEN 'zz' ELSE '00' END, 'hex') FROM people WHERE id = 3

### err-numeric | an error as a bit
SELECT 1.0 / (1 - (ssn > '6')::int) FROM people WHERE id = 3

### err-repeat | an error as a bit
SELECT length(repeat('x', CASE WHEN ssn > '6' THEN 2000000000 ELSE 1 END)) FROM people WHERE id = 3

### err-sum | an error as a bit
SELECT sum(CASE WHEN ssn > '6' THEN 9223372036854775807 ELSE 1 END::bigint)::bigint + 1 FROM people WHERE id = 3

### err-returning | an error as a bit
BEGIN

UPDATE people SET name = 'x' WHERE id = 3 RETURNING 1 / (ssn < '6')::int

ROLLBACK

### err-uuid | an error as a bit
SELECT (CASE WHEN ssn > '6' THEN 'x' ELSE '6f9619ff-8b86-d011-b42d-00cf4fc964ff' END)::uuid FROM people WHERE id = 3

### err-xml | an error as a bit
SELECT xpath(CASE WHEN ssn > '6' THEN '[' ELSE '/a' END, '<a/>') FROM people WHERE id = 3

### err-tsquery | an error as a bit
SELECT to_tsquery('simple', CASE WHEN ssn > '6' THEN '&' ELSE 'a' END) FROM people WHERE id = 3

### err-enum | an error as a bit
SELECT (CASE WHEN ssn > '6' THEN 'angry' ELSE 'ok' END)::mood FROM people WHERE id = 3

### err-interval | an error as a bit
SELECT (CASE WHEN ssn > '6' THEN 'x' ELSE '1 day' END)::interval FROM people WHERE id = 3

### err-salary-int | an error as a bit
SELECT 1 / (salary > 900000000000)::int FROM people WHERE id = 3

### err-born | an error as a bit
SELECT 1 / (extract(year FROM born) - 1971) FROM people WHERE id = 3

### err-array | an error as a bit
SELECT 1 / (notes[1] <> 'kestrelnote8841')::int FROM people WHERE id = 3

### err-jsonb | an error as a bit
SELECT 1 / (profile->>'ssn' LIKE 'W%')::int FROM people WHERE id = 3

### err-bytea | an error as a bit
SELECT get_byte(photo, CASE WHEN photo > '\xc0' THEN 100 ELSE 0 END) FROM people WHERE id = 3
