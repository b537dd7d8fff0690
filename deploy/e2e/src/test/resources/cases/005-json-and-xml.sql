SELECT '{"a": [1, 2, {"b": null}]}'::json, '{"b": 1, "a": 2, "a": 3}'::jsonb, '$.a[*]'::jsonpath, jsonb_path_query('{"a":[1,2,3]}', '$.a[*] ? (@ > 1)')

SELECT * FROM jsonb_to_recordset('[{"a":1,"b":"x"},{"a":2}]') AS r(a int, b text)

SELECT '{broken'::json
