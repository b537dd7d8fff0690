SELECT i, md5(i::text), i % 7 = 0, CASE WHEN i % 5 = 0 THEN NULL ELSE i * 1.5 END FROM generate_series(1, 200000) i
