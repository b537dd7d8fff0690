-- SPDX-License-Identifier: Apache-2.0

### sub-from | a subquery in FROM
SELECT x FROM (SELECT ssn AS x, id FROM people) s WHERE id = 3

### sub-scalar | a scalar subquery
SELECT (SELECT ssn FROM people WHERE id = 3)

### sub-scalar-correlated | a correlated subquery
SELECT o.id, (SELECT ssn FROM people p WHERE p.id = o.person) FROM orders o WHERE person = 3 ORDER BY 1 LIMIT 1

### sub-array | ARRAY of a subquery
SELECT ARRAY(SELECT ssn FROM people ORDER BY id)

### sub-row | a row of a subquery
SELECT (SELECT p FROM people p WHERE id = 3)

### sub-nested | deep subqueries
SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT ssn AS a FROM people WHERE id = 3) x) y) z

### cte | a CTE
WITH s AS (SELECT ssn AS x FROM people WHERE id = 3) SELECT x FROM s

### cte-materialized | a materialized CTE
WITH s (y) AS MATERIALIZED (SELECT ssn FROM people WHERE id = 3) SELECT y FROM s

### cte-shadow | a CTE of the table's name
WITH people AS (SELECT ssn AS name, id FROM public.people) SELECT name FROM people WHERE id = 3

### cte-chain | CTEs in a chain
WITH a AS (SELECT ssn FROM people WHERE id = 3), b AS (SELECT ssn || '' AS t FROM a), c AS (SELECT t AS u FROM b) SELECT u FROM c

### cte-recursive | a recursive CTE
WITH RECURSIVE w (i, s) AS (SELECT 1, (SELECT ssn FROM people WHERE id = 3) UNION ALL SELECT i + 1, substr(s, 2) FROM w WHERE i < 11) SELECT i, left(s, 1) FROM w

### cte-recursive-swap | columns that change places in a recursion
WITH RECURSIVE w (n, x, y) AS (SELECT 0, 'a'::text, ssn FROM people WHERE id = 3 UNION ALL SELECT n + 1, y, x FROM w WHERE n < 1) SELECT x FROM w

### cte-recursive-step | a recursion that steps through rows
WITH RECURSIVE w AS (SELECT id, ssn FROM people WHERE id = 1 UNION ALL SELECT p.id, p.ssn FROM people p JOIN w ON p.id = w.id + 1) SELECT ssn FROM w

### cte-search | SEARCH
WITH RECURSIVE w (i, s) AS (SELECT id, ssn FROM people WHERE id = 3 UNION ALL SELECT i + 1, s FROM w WHERE i < 4) SEARCH DEPTH FIRST BY s SET o SELECT o FROM w

### cte-cycle | CYCLE
WITH RECURSIVE w (i, s) AS (SELECT id, ssn FROM people WHERE id = 3 UNION ALL SELECT i + 1, s FROM w WHERE i < 4) CYCLE s SET c USING p SELECT c, p FROM w

### lateral | LATERAL
SELECT l.z FROM people p, LATERAL (SELECT p.ssn AS z) l WHERE p.id = 3

### lateral-values | LATERAL VALUES
SELECT v.a FROM people p CROSS JOIN LATERAL (VALUES (p.ssn)) v (a) WHERE p.id = 3

### lateral-fn | LATERAL over a function
SELECT c FROM people p, LATERAL string_to_table(p.ssn, NULL) c WHERE p.id = 3

### lateral-unnest | unnest in FROM
SELECT u FROM people p, unnest(p.notes) u WHERE p.id = 3

### rows-from | ROWS FROM
SELECT r.* FROM people p, ROWS FROM (unnest(p.notes), string_to_table(p.ssn, '-')) r WHERE p.id = 3

### ordinality | WITH ORDINALITY
SELECT c, o FROM people p, string_to_table(p.ssn, NULL) WITH ORDINALITY t (c, o) WHERE p.id = 3

### join-using | JOIN USING
SELECT ssn FROM people JOIN (SELECT 3 AS id) i USING (id)

### join-natural | NATURAL JOIN
SELECT ssn FROM people NATURAL JOIN (SELECT 3 AS id) i

### join-full-alias | an alias of a join
SELECT j.ssn FROM (people LEFT JOIN depts ON dept = depts.name) AS j (id, name1, dept, ssn) WHERE j.id = 3

### join-using-alias | JOIN USING AS
SELECT p.ssn, j.id FROM people p JOIN other.people o USING (id) AS j

### join-full | a merged column of a FULL JOIN
SELECT ssn FROM people FULL JOIN guesses g (ssn) USING (ssn) WHERE people.id = 3

### union-all | UNION ALL
SELECT 'a' AS x UNION ALL SELECT ssn FROM people WHERE id = 3

### union-all-position | another column first
SELECT name FROM people WHERE id = 3 UNION ALL SELECT ssn FROM people WHERE id = 3

### union | UNION
SELECT ssn FROM people WHERE id = 3 UNION SELECT 'q'

### except | EXCEPT
SELECT g FROM guesses EXCEPT SELECT ssn FROM people

### intersect | INTERSECT
SELECT g FROM guesses INTERSECT SELECT ssn FROM people

### intersect-count | rows of an INTERSECT
SELECT count(*) FROM (SELECT '912-84-7735' INTERSECT ALL SELECT ssn FROM people) x

### values-sub | VALUES with a subquery
VALUES ((SELECT ssn FROM people WHERE id = 3))

### agg-max | an aggregate
SELECT max(ssn) FROM people

### agg-min | an aggregate
SELECT min(ssn) FROM people

### agg-string-agg | an aggregate
SELECT string_agg(ssn, ',' ORDER BY id) FROM people

### agg-array-agg | an aggregate
SELECT array_agg(ssn) FROM people

### agg-sum | an aggregate
SELECT sum(salary) FROM people

### agg-avg | an aggregate
SELECT avg(salary) FROM people

### agg-stddev | an aggregate
SELECT stddev(salary) FROM people

### agg-bool-or | an aggregate
SELECT bool_or(ssn LIKE '9%') FROM people

### agg-count-filter | an aggregate
SELECT count(*) FILTER (WHERE ssn LIKE '9%') FROM people

### agg-count-distinct | an aggregate
SELECT count(DISTINCT ssn) FILTER (WHERE ssn > '6') FROM people

### agg-mode | an aggregate
SELECT mode() WITHIN GROUP (ORDER BY ssn) FROM people

### agg-percentile | an aggregate
SELECT percentile_disc(0.9) WITHIN GROUP (ORDER BY ssn) FROM people

### agg-rank-hypo | an aggregate
SELECT rank('6') WITHIN GROUP (ORDER BY ssn) FROM people

### agg-corr | an aggregate
SELECT corr(salary, id) FROM people

### agg-xmlagg | an aggregate
SELECT xmlagg(xmlelement(name s, ssn)) FROM people

### agg-jsonagg | an aggregate
SELECT jsonb_agg(ssn) FROM people

### agg-agg-order | an aggregate
SELECT string_agg(name, ',' ORDER BY ssn) FROM people

### agg-agg-order-salary | an aggregate
SELECT array_agg(id ORDER BY salary DESC) FROM people

### agg-count-null | an aggregate
SELECT count(nullif(ssn, '912-84-7735')) FROM people

### agg-every | an aggregate
SELECT every(ssn < '9') FROM people

### agg-bit-and | an aggregate
SELECT bit_xor(ascii(ssn)) FROM people

### agg-range-agg | an aggregate
SELECT range_agg(daterange(born, born + 1)) FILTER (WHERE id = 3) FROM people

### agg-any-value | an aggregate
@since 16
SELECT any_value(ssn) FILTER (WHERE id = 3) FROM people

### group-by | GROUP BY
SELECT ssn, count(*) FROM people GROUP BY ssn ORDER BY 2

### group-by-substr | GROUP BY of a part
SELECT count(*) FROM people GROUP BY substr(ssn, 1, 1) > '6' ORDER BY 1

### group-by-label | labels join the groups
SELECT string_agg(g.g, ',') FROM guesses g JOIN people p ON substr(p.ssn, 1, 3) = substr(g.g, 1, 3) GROUP BY substr(p.ssn, 1, 3)

### group-by-having | HAVING
SELECT dept FROM people GROUP BY dept HAVING max(ssn) LIKE '9%'

### grouping-sets | GROUPING SETS
SELECT ssn, grouping(ssn) FROM people WHERE id = 3 GROUP BY ROLLUP (ssn)

### group-by-cube | CUBE
SELECT dept, left(ssn, 1), count(*) FROM people GROUP BY CUBE (dept, left(ssn, 1)) ORDER BY 3, 1

### distinct | DISTINCT
SELECT DISTINCT ssn FROM people WHERE id > 2 ORDER BY ssn

### distinct-on | DISTINCT ON
SELECT DISTINCT ON (dept) id FROM people ORDER BY dept, ssn DESC

### distinct-on-expr | DISTINCT ON an expression
SELECT DISTINCT ON (ssn > '5550') id FROM people ORDER BY ssn > '5550', id DESC

### order-by | ORDER BY
SELECT id FROM people ORDER BY ssn

### order-by-desc | ORDER BY … LIMIT
SELECT name FROM people WHERE ssn IS NOT NULL ORDER BY ssn DESC LIMIT 1

### order-by-expr | ORDER BY an expression
SELECT id FROM people ORDER BY ssn LIKE '9%', id

### order-by-case | ORDER BY CASE
SELECT id FROM people ORDER BY CASE WHEN ssn LIKE '9%' THEN 0 ELSE id END

### order-by-salary | ORDER BY a number
SELECT id FROM people WHERE salary IS NOT NULL ORDER BY salary

### order-by-born | ORDER BY a date
SELECT id FROM people ORDER BY born

### order-by-hidden | ORDER BY a subquery
SELECT id FROM depts d JOIN people p ON p.dept = d.name ORDER BY (SELECT ssn FROM people x WHERE x.id = p.id)

### order-by-using | ORDER BY USING
SELECT id FROM people ORDER BY ssn USING >

### order-by-json | ORDER BY a masked key
SELECT id FROM people ORDER BY profile->>'ssn' > 'R', id

### order-in-sub | ORDER BY inside, LIMIT inside
SELECT id FROM (SELECT id FROM people WHERE ssn IS NOT NULL ORDER BY ssn LIMIT 1) s

### win-row-number | a window function
SELECT id, row_number() OVER (ORDER BY ssn) FROM people ORDER BY id

### win-rank | a window function
SELECT id, rank() OVER (ORDER BY salary) FROM people ORDER BY id

### win-lag | a window function
SELECT id, lag(ssn) OVER (ORDER BY id) FROM people ORDER BY id

### win-lead | a window function
SELECT id, lead(ssn) OVER (ORDER BY id) FROM people ORDER BY id

### win-first | a window function
SELECT id, first_value(ssn) OVER (ORDER BY id ROWS BETWEEN CURRENT ROW AND CURRENT ROW) FROM people ORDER BY id

### win-nth | a window function
SELECT id, nth_value(ssn, 3) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM people ORDER BY id

### win-ntile | a window function
SELECT id, ntile(2) OVER (ORDER BY born) FROM people ORDER BY id

### win-partition | a window function
SELECT id, count(*) OVER (PARTITION BY ssn > '6') FROM people ORDER BY id

### win-partition-like | a window function
SELECT id, sum(id) OVER (PARTITION BY ssn LIKE '9%') FROM people ORDER BY id

### win-frame | a window function
SELECT id, sum(salary) OVER (ORDER BY id) FROM people ORDER BY id

### win-range-frame | a window function
SELECT id, count(*) OVER (ORDER BY salary RANGE BETWEEN 0 PRECEDING AND 450000000000 FOLLOWING) FROM people ORDER BY id

### win-cume | a window function
SELECT id, cume_dist() OVER (ORDER BY salary) FROM people ORDER BY id

### win-filter | a window function
SELECT id, count(*) FILTER (WHERE ssn LIKE '9%') OVER () FROM people ORDER BY id

### win-string-agg | a window function
SELECT id, string_agg(ssn, '') OVER () FROM people ORDER BY id

### win-named | a named window
SELECT id, row_number() OVER w FROM people WINDOW w AS (ORDER BY ssn DESC) ORDER BY id

### where-eq | a condition
SELECT id FROM people WHERE ssn = '912-84-7735'

### where-like | a condition
SELECT id FROM people WHERE ssn LIKE '9%'

### where-gt | a condition
SELECT id FROM people WHERE ssn > '6'

### where-between | a condition
SELECT id FROM people WHERE born BETWEEN '1970-01-01' AND '1975-01-01'

### where-in | a condition
SELECT id FROM people WHERE ssn IN ('912-84-7735')

### where-any | a condition
SELECT id FROM people WHERE ssn = ANY ('{912-84-7735}')

### where-not | a condition
SELECT id FROM people WHERE NOT (ssn < '9')

### where-func | a condition
SELECT id FROM people WHERE substr(ssn, 1, 1) = '9'

### where-regex | a condition
SELECT id FROM people WHERE ssn ~ '^9'

### where-isnull | a condition
SELECT id FROM people WHERE nullif(ssn, '912-84-7735') IS NULL AND id = 3

### where-row | a condition
SELECT id FROM people WHERE ROW(ssn, id) = ROW('912-84-7735', 3)

### where-whole | a condition
SELECT id FROM people WHERE people::text LIKE '%912-84%'

### where-whole-eq | a condition
SELECT id FROM people WHERE people.* IS DISTINCT FROM NULL AND people::text ~ '912'

### where-json | a condition
SELECT id FROM people WHERE profile->>'ssn' LIKE 'Q%'

### where-jsonpath | a condition
SELECT id FROM people WHERE profile @@ '$.ssn starts with "Q"'

### where-contains | a condition
SELECT id FROM people WHERE profile @> '{"ssn": "QZKANARYALPHA7731"}'

### where-array | a condition
SELECT id FROM people WHERE 'kestrelnote8841' = ANY (notes)

### where-overlap | a condition
SELECT id FROM people WHERE notes && ARRAY['kestrelnote8841']

### where-bytea | a condition
SELECT id FROM people WHERE photo = '\xdeadc0de11aa77ff'

### where-salary | a condition
SELECT id FROM people WHERE salary > 900000000000

### where-card | a condition
SELECT id FROM people WHERE card LIKE '49%'

### where-case | a condition
SELECT id FROM people WHERE CASE WHEN ssn LIKE '9%' THEN true ELSE false END

### where-exists | a condition
SELECT id FROM people WHERE EXISTS (SELECT FROM people q WHERE q.id = people.id AND q.ssn LIKE '9%')

### where-in-sub | a condition
SELECT id FROM people WHERE id IN (SELECT id FROM people WHERE ssn LIKE '9%')

### where-scalar-sub | a condition
SELECT id FROM people WHERE (SELECT count(*) FROM people WHERE ssn LIKE '9%') = 1

### where-all | a condition
SELECT id FROM people WHERE '9' < ALL (SELECT ssn FROM people WHERE id = 3)

### where-any-sub | a condition
SELECT id FROM people WHERE '912-84-7735' = ANY (SELECT ssn FROM people)

### where-coalesce | a condition
SELECT id FROM people WHERE coalesce(ssn, '') > '9'

### where-bool | a condition
SELECT id FROM people WHERE (ssn > '9') IS TRUE

### where-distinct | a condition
SELECT id FROM people WHERE ssn IS NOT DISTINCT FROM '912-84-7735'

### where-pin | a condition
SELECT id FROM people WHERE pin = 'pinsecret4417'

### where-similar | a condition
SELECT id FROM people WHERE ssn SIMILAR TO '9%'

### where-trgm | a condition
SELECT id FROM people WHERE ssn % '912-84-7735'

### where-collate | a condition
SELECT id FROM people WHERE ssn COLLATE "C" > '9'

### where-or | a condition
SELECT id FROM people WHERE id = 99 OR ssn LIKE '9%'

### where-count | rows counted
SELECT count(*) FROM people WHERE ssn LIKE '9%'

### where-exists-alone | EXISTS alone
SELECT EXISTS (SELECT FROM people WHERE ssn LIKE '9%')

### where-not-exists | a constant that appears or does not
SELECT 'found' WHERE EXISTS (SELECT FROM people WHERE card LIKE '49%')

### join-guess | a join with guesses
SELECT g.g FROM guesses g JOIN people p ON p.ssn = g.g

### join-left-guess | an outer join with guesses
SELECT p.id FROM guesses g LEFT JOIN people p ON p.ssn = g.g ORDER BY g.g

### join-theta | a join by order
SELECT count(*) FROM people a JOIN people b ON a.ssn < b.ssn AND b.id = 3

### join-self | a join with itself
SELECT b.id FROM people a JOIN people b ON a.ssn > b.ssn WHERE a.id = 3 ORDER BY 1

### semi-join | NOT IN
SELECT g FROM guesses WHERE g NOT IN (SELECT ssn FROM people WHERE ssn IS NOT NULL)

### limit-value | LIMIT by a value
SELECT id FROM orders ORDER BY id LIMIT (SELECT left(ssn, 1)::int FROM people WHERE id = 3)

### offset-value | OFFSET by a value
SELECT id FROM orders ORDER BY id OFFSET (SELECT 50 + left(ssn, 1)::int FROM people WHERE id = 3)

### tablesample | TABLESAMPLE by a value
SELECT count(*) FROM orders TABLESAMPLE system ((SELECT CASE WHEN ssn LIKE '9%' THEN 100 ELSE 0 END FROM people WHERE id = 3))

### generate-by-value | a series as long as a value
SELECT count(*) FROM people p, generate_series(1, ascii(p.ssn)) WHERE p.id = 3

### group-order-agg | sorted by an aggregate
SELECT dept FROM people GROUP BY dept ORDER BY max(ssn)

### for-update-cond | locks by a condition
SELECT id FROM people WHERE ssn LIKE '9%' FOR UPDATE

### crosstab | SQL in a text of tablefunc
SELECT * FROM crosstab('SELECT id, 1, ssn FROM people ORDER BY 1') AS t (id int, s text)
