SELECT NULL, NULL::int, NULL::text, true, false, NULL::bool, NULL IS DISTINCT FROM 1

SELECT $1::int IS NULL, coalesce($2::text, 'was null')
--@ parameter \N
--@ parameter \N
