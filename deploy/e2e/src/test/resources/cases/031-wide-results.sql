SELECT repeat('0123456789', 1000000)

SELECT repeat('ä', 300000) FROM generate_series(1, 10)

SELECT string_agg(md5(i::text), ',') FROM generate_series(1, 50000) i
