SELECT ARRAY[1,2,NULL], '{{1,2},{3,4}}'::int[], ARRAY['a','b c','"quoted"'], '[2:4]={7,8,9}'::int[], '{}'::text[]

CREATE TYPE pair AS (a int, b text)

SELECT ROW(1,'x')::pair, ROW(1, NULL, 'anonymous')

SELECT (ROW(1,'x')::pair).*

SELECT $1::pair
--@ parameter (7,"a, b")
