-- SPDX-License-Identifier: Apache-2.0

### read-1 | queries over tables with masked columns that do not ask for these, and others
SELECT id, name, dept FROM people ORDER BY id

### read-2 | queries over tables with masked columns that do not ask for these, and others
SELECT * FROM people_public ORDER BY id

### read-3 | queries over tables with masked columns that do not ask for these, and others
SELECT count(*) FROM people

### read-4 | queries over tables with masked columns that do not ask for these, and others
SELECT dept, count(*) FROM people GROUP BY dept ORDER BY dept

### read-5 | queries over tables with masked columns that do not ask for these, and others
SELECT p.name, sum(o.total) FROM people p JOIN orders o ON o.person = p.id GROUP BY p.name ORDER BY 2 DESC

### read-6 | queries over tables with masked columns that do not ask for these, and others
SELECT p.name, o.total FROM people p LEFT JOIN orders o ON o.person = p.id AND o.status = 'open' ORDER BY o.id LIMIT 10

### read-7 | queries over tables with masked columns that do not ask for these, and others
SELECT d.city, count(p.id) FROM depts d LEFT JOIN people p ON p.dept = d.name GROUP BY d.city ORDER BY 1

### read-8 | queries over tables with masked columns that do not ask for these, and others
SELECT name FROM people WHERE dept = 'lab' ORDER BY name

### read-9 | queries over tables with masked columns that do not ask for these, and others
SELECT name FROM people WHERE id IN (SELECT person FROM orders WHERE total > 80) ORDER BY 1

### read-10 | queries over tables with masked columns that do not ask for these, and others
SELECT name FROM people p WHERE EXISTS (SELECT 1 FROM orders o WHERE o.person = p.id AND o.status = 'open') ORDER BY 1

### read-11 | queries over tables with masked columns that do not ask for these, and others
SELECT id FROM people WHERE name ILIKE 'c%'

### read-12 | queries over tables with masked columns that do not ask for these, and others
SELECT id, name FROM people ORDER BY name DESC LIMIT 2 OFFSET 1

### read-13 | queries over tables with masked columns that do not ask for these, and others
SELECT DISTINCT dept FROM people ORDER BY 1

### read-14 | queries over tables with masked columns that do not ask for these, and others
SELECT DISTINCT ON (dept) dept, name FROM people ORDER BY dept, name

### read-15 | queries over tables with masked columns that do not ask for these, and others
SELECT max(joined), min(joined) FROM people

### read-16 | queries over tables with masked columns that do not ask for these, and others
SELECT extract(year FROM joined), count(*) FROM people GROUP BY 1

### read-17 | queries over tables with masked columns that do not ask for these, and others
SELECT name, rank() OVER (PARTITION BY dept ORDER BY name) FROM people ORDER BY name

### read-18 | queries over tables with masked columns that do not ask for these, and others
SELECT name, lag(name) OVER (ORDER BY id) FROM people ORDER BY id

### read-19 | queries over tables with masked columns that do not ask for these, and others
WITH t AS (SELECT dept, count(*) AS n FROM people GROUP BY dept) SELECT * FROM t WHERE n > 1 ORDER BY dept

### read-20 | queries over tables with masked columns that do not ask for these, and others
WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT p.name FROM n JOIN people p ON p.id = n.i ORDER BY 1

### read-21 | queries over tables with masked columns that do not ask for these, and others
SELECT name FROM people UNION SELECT city FROM depts ORDER BY 1

### read-22 | queries over tables with masked columns that do not ask for these, and others
SELECT name FROM people EXCEPT SELECT 'Ann' ORDER BY 1

### read-23 | queries over tables with masked columns that do not ask for these, and others
SELECT string_agg(name, ', ' ORDER BY id) FROM people

### read-24 | queries over tables with masked columns that do not ask for these, and others
SELECT array_agg(id ORDER BY id) FROM people

### read-25 | queries over tables with masked columns that do not ask for these, and others
SELECT json_agg(json_build_object('id', id, 'name', name) ORDER BY id) FROM people

### read-26 | queries over tables with masked columns that do not ask for these, and others
SELECT jsonb_build_object('n', count(*)) FROM people

### read-27 | queries over tables with masked columns that do not ask for these, and others
SELECT upper(name), length(name) FROM people ORDER BY id

### read-28 | queries over tables with masked columns that do not ask for these, and others
SELECT coalesce(dept, '-') FROM people ORDER BY id

### read-29 | queries over tables with masked columns that do not ask for these, and others
SELECT CASE WHEN dept = 'lab' THEN 1 ELSE 0 END FROM people ORDER BY id

### read-30 | queries over tables with masked columns that do not ask for these, and others
SELECT l.total FROM people p CROSS JOIN LATERAL (SELECT total FROM orders o WHERE o.person = p.id ORDER BY total DESC LIMIT 1) l ORDER BY p.id

### read-31 | queries over tables with masked columns that do not ask for these, and others
SELECT p.id, (SELECT count(*) FROM orders o WHERE o.person = p.id) FROM people p ORDER BY 1

### read-32 | queries over tables with masked columns that do not ask for these, and others
SELECT name FROM people WHERE (id, dept) IN ((1, 'sales'), (3, 'lab')) ORDER BY 1

### read-33 | queries over tables with masked columns that do not ask for these, and others
SELECT name FROM people WHERE id BETWEEN 2 AND 4 ORDER BY 1

### read-34 | queries over tables with masked columns that do not ask for these, and others
SELECT count(*) FILTER (WHERE dept = 'lab') FROM people

### read-35 | queries over tables with masked columns that do not ask for these, and others
SELECT dept, name, count(*) FROM people GROUP BY GROUPING SETS ((dept), (name), ()) ORDER BY 1, 2, 3

### read-36 | queries over tables with masked columns that do not ask for these, and others
SELECT dept, count(*) FROM people GROUP BY ROLLUP (dept) ORDER BY 1

### read-37 | queries over tables with masked columns that do not ask for these, and others
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY id) FROM people

### read-38 | queries over tables with masked columns that do not ask for these, and others
SELECT id FROM people TABLESAMPLE bernoulli (100) ORDER BY 1

### read-39 | queries over tables with masked columns that do not ask for these, and others
SELECT id FROM people FOR UPDATE

### read-40 | queries over tables with masked columns that do not ask for these, and others
SELECT id FROM people ORDER BY id FOR SHARE

### read-41 | queries over tables with masked columns that do not ask for these, and others
SELECT * FROM people_counts ORDER BY 1

### read-42 | queries over tables with masked columns that do not ask for these, and others
SELECT id, name FROM people_all ORDER BY id

### read-43 | queries over tables with masked columns that do not ask for these, and others
SELECT name FROM people_bar ORDER BY id

### read-44 | queries over tables with masked columns that do not ask for these, and others
SELECT id, kind FROM events ORDER BY id

### read-45 | queries over tables with masked columns that do not ask for these, and others
SELECT count(*) FROM events_x

### read-46 | queries over tables with masked columns that do not ask for these, and others
SELECT id, name FROM animals ORDER BY id

### read-47 | queries over tables with masked columns that do not ask for these, and others
SELECT name, lives FROM cats

### read-48 | queries over tables with masked columns that do not ask for these, and others
SELECT id, den FROM cubs

### read-49 | queries over tables with masked columns that do not ask for these, and others
SELECT id FROM ONLY animals

### read-50 | queries over tables with masked columns that do not ask for these, and others
SELECT tableoid::regclass::text, count(*) FROM events GROUP BY 1 ORDER BY 1

### read-51 | queries over tables with masked columns that do not ask for these, and others
SELECT id FROM staff ORDER BY id

### read-52 | queries over tables with masked columns that do not ask for these, and others
SELECT "I D" FROM "Odd Schema"."Päople"

### read-53 | queries over tables with masked columns that do not ask for these, and others
SELECT * FROM other.people

### read-54 | queries over tables with masked columns that do not ask for these, and others
SELECT ssn FROM other.people

### read-55 | queries over tables with masked columns that do not ask for these, and others
SELECT 1 FROM people WHERE false

### read-56 | queries over tables with masked columns that do not ask for these, and others
SELECT FROM people

### read-57 | queries over tables with masked columns that do not ask for these, and others
SELECT NULL FROM people LIMIT 1

### read-58 | queries over tables with masked columns that do not ask for these, and others
SELECT p.id, d.* FROM people p JOIN depts d ON d.name = p.dept ORDER BY p.id

### read-59 | queries over tables with masked columns that do not ask for these, and others
SELECT name || ' <' || dept || '>' FROM people ORDER BY id

### read-60 | queries over tables with masked columns that do not ask for these, and others
SELECT format('%s/%s', id, name) FROM people ORDER BY id

### read-61 | queries over tables with masked columns that do not ask for these, and others
SELECT to_char(joined, 'YYYY-MM') FROM people LIMIT 1

### read-62 | queries over tables with masked columns that do not ask for these, and others
SELECT g, count(p.id) FROM generate_series(1, 5) g LEFT JOIN people p ON p.id = g GROUP BY g ORDER BY g

### read-63 | queries over tables with masked columns that do not ask for these, and others
SELECT width_bucket(id, 0, 10, 5) FROM people ORDER BY id

### read-64 | queries over tables with masked columns that do not ask for these, and others
SELECT regexp_replace(name, 'n', 'm') FROM people ORDER BY id

### read-65 | queries over tables with masked columns that do not ask for these, and others
SELECT md5(name) FROM people ORDER BY id

### read-66 | queries over tables with masked columns that do not ask for these, and others
SELECT row_number() OVER () FROM people

### read-67 | queries over tables with masked columns that do not ask for these, and others
SELECT first_value(name) OVER (ORDER BY id) FROM people

### read-68 | queries over tables with masked columns that do not ask for these, and others
SELECT count(*), count(dept) FROM people

### read-69 | queries over tables with masked columns that do not ask for these, and others
SELECT bool_and(id > 0) FROM people

### read-70 | queries over tables with masked columns that do not ask for these, and others
SELECT id + 1 AS next FROM people ORDER BY next

### read-71 | queries over tables with masked columns that do not ask for these, and others
SELECT name AS "Full Name" FROM people ORDER BY 1

### read-72 | queries over tables with masked columns that do not ask for these, and others
SELECT date_trunc('month', placed), sum(total) FROM orders GROUP BY 1 ORDER BY 1

### read-73 | queries over tables with masked columns that do not ask for these, and others
SELECT status, avg(total), stddev(total) FROM orders GROUP BY status HAVING count(*) > 5 ORDER BY 1

### read-74 | queries over tables with masked columns that do not ask for these, and others
SELECT * FROM orders ORDER BY id LIMIT 5

### read-75 | queries over tables with masked columns that do not ask for these, and others
SELECT o.*, p.name FROM orders o JOIN people p ON p.id = o.person WHERE o.placed > '2024-02-01' ORDER BY o.id

### read-76 | queries over tables with masked columns that do not ask for these, and others
SELECT sum(total) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) FROM orders ORDER BY id

### read-77 | queries over tables with masked columns that do not ask for these, and others
SELECT ntile(4) OVER (ORDER BY total), total FROM orders ORDER BY total

### read-78 | queries over tables with masked columns that do not ask for these, and others
SELECT corr(id, total), regr_slope(total, id) FROM orders

### read-79 | queries over tables with masked columns that do not ask for these, and others
SELECT * FROM visits ORDER BY id LIMIT 3

### read-80 | queries over tables with masked columns that do not ask for these, and others
SELECT page, count(*) FROM visits GROUP BY page ORDER BY 2 DESC, 1

### read-81 | queries over tables with masked columns that do not ask for these, and others
SELECT unnest(tags), count(*) FROM visits GROUP BY 1 ORDER BY 1

### read-82 | queries over tables with masked columns that do not ask for these, and others
SELECT meta->>'n' FROM visits ORDER BY id LIMIT 3

### read-83 | queries over tables with masked columns that do not ask for these, and others
SELECT count(*) FROM visits WHERE meta @> '{"n": 5}'

### read-84 | queries over tables with masked columns that do not ask for these, and others
SELECT count(*) FROM visits WHERE 't1' = ANY (tags)

### read-85 | queries over tables with masked columns that do not ask for these, and others
SELECT at AT TIME ZONE 'Europe/Zurich' FROM visits ORDER BY id LIMIT 1

### read-86 | queries over tables with masked columns that do not ask for these, and others
SELECT jsonb_path_query(meta, '$.n') FROM visits ORDER BY id LIMIT 2

### read-87 | queries over tables with masked columns that do not ask for these, and others
SELECT * FROM moods ORDER BY id

### read-88 | queries over tables with masked columns that do not ask for these, and others
SELECT m, c, r, u, ip, d, f, b FROM moods ORDER BY m

### read-89 | queries over tables with masked columns that do not ask for these, and others
SELECT * FROM moods WHERE r @> 3

### read-90 | queries over tables with masked columns that do not ask for these, and others
SELECT enum_range(NULL::mood)

### read-91 | queries over tables with masked columns that do not ask for these, and others
SELECT lower(r), upper(r) FROM moods ORDER BY id

### read-92 | queries over tables with masked columns that do not ask for these, and others
SELECT host(ip) FROM moods WHERE ip IS NOT NULL

### read-93 | queries over tables with masked columns that do not ask for these, and others
VALUES (1, 'a'), (2, 'b')

### read-94 | queries over tables with masked columns that do not ask for these, and others
TABLE depts

### read-95 | queries over tables with masked columns that do not ask for these, and others
SELECT now() IS NOT NULL, current_date IS NOT NULL

### read-96 | queries over tables with masked columns that do not ask for these, and others
SELECT gen_random_uuid() IS NOT NULL

### read-97 | queries over tables with masked columns that do not ask for these, and others
SELECT generate_series(1, 3)

### read-98 | queries over tables with masked columns that do not ask for these, and others
SELECT 'a' || 1, 2 ^ 3, 7 % 3

### read-99 | queries over tables with masked columns that do not ask for these, and others
SELECT xmlelement(name a, 'x')

### read-100 | queries over tables with masked columns that do not ask for these, and others
SELECT to_tsvector('english', 'a quick fox') @@ to_tsquery('fox')

### read-101 | queries over tables with masked columns that do not ask for these, and others
SELECT ARRAY[1,2] || 3, '{a,b}'::text[]

### read-102 | queries over tables with masked columns that do not ask for these, and others
SELECT ROW(1, 'x')

### read-103 | queries over tables with masked columns that do not ask for these, and others
SELECT '{"a": [1]}'::jsonb #> '{a,0}'

### read-104 | queries over tables with masked columns that do not ask for these, and others
SELECT hstore('a', 'b')

### read-105 | queries over tables with masked columns that do not ask for these, and others
SELECT similarity('abc', 'abd') > 0

### read-106 | queries over tables with masked columns that do not ask for these, and others
SELECT levenshtein('abc', 'abd')

### read-107 | queries over tables with masked columns that do not ask for these, and others
SELECT encode(digest('x', 'sha256'), 'hex')

### read-108 | queries over tables with masked columns that do not ask for these, and others
SELECT dept FROM people_counts ORDER BY n, dept

### read-109 | queries over tables with masked columns that do not ask for these, and others
SELECT position('b' in 'abc'), substring('abcdef' from 2 for 3)

### read-110 | queries over tables with masked columns that do not ask for these, and others
SELECT sum(n) FROM (SELECT count(*) AS n FROM people GROUP BY dept) s

### read-111 | queries over tables with masked columns that do not ask for these, and others
SELECT p.name, q.name FROM people p JOIN people q ON p.dept = q.dept AND p.id < q.id ORDER BY 1, 2

### read-112 | queries over tables with masked columns that do not ask for these, and others
SELECT name FROM people NATURAL JOIN (SELECT 3 AS id) i

### read-113 | queries over tables with masked columns that do not ask for these, and others
SELECT x.* FROM (SELECT id, name FROM people) x ORDER BY id

### read-114 | queries over tables with masked columns that do not ask for these, and others
SELECT q.id FROM (SELECT * FROM people) q ORDER BY id

### read-115 | queries over tables with masked columns that do not ask for these, and others
WITH p AS (SELECT * FROM people) SELECT id, name FROM p ORDER BY id

### read-116 | queries over tables with masked columns that do not ask for these, and others
WITH p AS MATERIALIZED (SELECT * FROM people) SELECT count(*) FROM p

### read-117 | queries over tables with masked columns that do not ask for these, and others
SELECT profile->'city' IS NOT NULL FROM people WHERE false

### read-118 | queries over tables with masked columns that do not ask for these, and others
SELECT pg_sleep(0)

### read-119 | queries over tables with masked columns that do not ask for these, and others
SELECT current_setting('TimeZone')

### read-120 | queries over tables with masked columns that do not ask for these, and others
SELECT nextval('visits_id_seq') > 0

### read-121 | queries over tables with masked columns that do not ask for these, and others
SELECT count(*) FROM people p, orders o WHERE p.id = o.person

### read-122 | queries over tables with masked columns that do not ask for these, and others
SELECT EXISTS (SELECT 1 FROM people WHERE id = 3)

### read-123 | queries over tables with masked columns that do not ask for these, and others
SELECT name FROM people ORDER BY id FETCH FIRST 2 ROWS WITH TIES

### masked-1 | queries that show masked columns as masked
@masked 3
SELECT id, name, ssn FROM people ORDER BY id

### masked-2 | queries that show masked columns as masked
@masked 4 5 6 7 8 9 10
SELECT id, name, dept, ssn, card, salary, born, profile, notes, photo FROM people ORDER BY id

### masked-3 | queries that show masked columns as masked
@masked 1
SELECT ssn FROM people WHERE id = 3

### masked-4 | queries that show masked columns as masked
@masked 2
SELECT p.name, p.card FROM people p JOIN orders o ON o.person = p.id WHERE o.status = 'open' ORDER BY o.id

### masked-5 | queries that show masked columns as masked
@masked 1
SELECT max(ssn) FROM people

### masked-6 | queries that show masked columns as masked
@masked 1
SELECT upper(ssn) FROM people ORDER BY id

### masked-7 | queries that show masked columns as masked
@masked 2
@hidden 2
SELECT * FROM people_codes ORDER BY id

### masked-8 | queries that show masked columns as masked
@masked 3
SELECT * FROM events ORDER BY id

### masked-9 | queries that show masked columns as masked
@masked 3
SELECT * FROM animals ORDER BY id

### masked-10 | queries that show masked columns as masked
@masked 1 2
@hidden 2
SELECT id, ssn FROM people_mat

### masked-11 | queries that show masked columns as masked
@masked 1
SELECT profile FROM people ORDER BY id

### masked-12 | queries that show masked columns as masked
@masked 1
SELECT row_to_json(a) FROM animals a ORDER BY id

### masked-13 | queries that show masked columns as masked
@masked 1
SELECT a FROM animals a ORDER BY id

### masked-14 | queries that show masked columns as masked
@masked 2
SELECT id, salary * 2 FROM people ORDER BY id

### masked-15 | queries that show masked columns as masked
@masked 3
SELECT o.id, p.name, p.ssn FROM orders o JOIN people p ON p.id = o.person ORDER BY o.id LIMIT 5

### masked-16 | queries that show masked columns as masked
@masked 2
WITH p AS (SELECT id, ssn FROM people) SELECT * FROM p ORDER BY id

### masked-17 | queries that show masked columns as masked
@masked 1
SELECT concat(name, ' ', ssn) FROM people ORDER BY id

### masked-18 | queries that show masked columns as masked
@masked 2
SELECT id, born FROM people ORDER BY id

### masked-19 | queries that show masked columns as masked
@masked 2
SELECT id, notes FROM people ORDER BY id

### masked-20 | queries that show masked columns as masked
@masked 2
SELECT id, photo FROM people ORDER BY id
