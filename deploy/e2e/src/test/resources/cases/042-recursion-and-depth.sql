WITH RECURSIVE r(i, t) AS (SELECT 1, 'a' UNION ALL SELECT i + 1, t || 'a' FROM r WHERE i < 50) SELECT * FROM r

WITH RECURSIVE search(id, parent) AS (VALUES (1, 0), (2, 1), (3, 1)), tree AS (SELECT id, parent FROM search WHERE parent = 0 UNION ALL SELECT s.id, s.parent FROM search s JOIN tree t ON s.parent = t.id) CYCLE id SET looped USING route SELECT * FROM tree

SELECT ((((((((((((((((((((1))))))))))))))))))))

SELECT * FROM generate_series(1, 2) a, LATERAL (SELECT a * 2 AS b) l, unnest(ARRAY[1, 2]) WITH ORDINALITY u(x, n)

SELECT a, b, grouping(a, b), count(*) FROM (VALUES (1, 2), (1, 3)) v(a, b) GROUP BY ROLLUP (a, b) ORDER BY 1, 2
