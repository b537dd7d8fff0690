-- SPDX-License-Identifier: Apache-2.0
INSERT INTO depts VALUES ('sales', 'Bern', 100), ('lab', 'Oslo', 200), ('desk', 'Rome', 300);
INSERT INTO people VALUES
    (1, 'Ann', 'sales', '555-12-0001', '4000000000000001', 500000000001.00, '1980-01-01', '{"city": "Bern", "ssn": "555-12-0001", "deep": {"code": "plain01"}, "level": 5}', '{note01,x}', '\x0001', 'pin01'),
    (2, 'Bob', 'lab', '555-12-0002', '4000000000000002', 500000000002.00, '1980-01-02', '{"city": "Oslo", "ssn": "555-12-0002", "deep": {"code": "plain02"}, "level": 5}', '{note02,x}', '\x0002', 'pin02'),
    (3, 'Cid', 'lab', '@ssn@', '@card@', @salary@, '@born@', '{"city": "Oslo", "ssn": "@jssn@", "deep": {"code": "@code@"}, "level": 5}', '{@note@,x}', '\x@photo@', '@pin@'),
    (4, 'Dee', 'sales', '555-12-0004', '4000000000000004', 500000000004.00, '1980-01-04', '{"city": "Rome", "ssn": "555-12-0004", "deep": {"code": "plain04"}, "level": 5}', '{note04,x}', '\x0004', 'pin04'),
    (5, 'Eve', 'desk', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO orders SELECT n, n % 5 + 1, n * 1.5, date '2024-01-01' + n, CASE WHEN n % 3 = 0 THEN 'open' ELSE 'paid' END FROM generate_series(1, 60) AS n;
INSERT INTO events VALUES (1, 'x', 'plain'), (3, 'x', '@ssn@'), (4, 'y', '@ssn@');
INSERT INTO animals VALUES (1, 'Dog', 'plain'), (3, 'Fox', '@ssn@');
INSERT INTO cats VALUES (4, 'Tom', '@ssn@', 9);
INSERT INTO cubs VALUES (3, '@ssn@', 'north');
INSERT INTO staff VALUES (1, '555-12-0001'), (3, '@ssn@');
INSERT INTO passes VALUES (1, '@ssn@');
INSERT INTO staff_late VALUES (1, '555-12-0001'), (3, '@ssn@');
INSERT INTO passes_late VALUES (1, '@ssn@');
INSERT INTO "Odd Schema"."Päople" VALUES (3, '@ssn@');
INSERT INTO guesses VALUES ('912-84-7735'), ('555-12-0001');
INSERT INTO watched VALUES (3, '@ssn@', 'Cid');
INSERT INTO twin VALUES (3, '@ssn@');
INSERT INTO checked VALUES (3, '@ssn@', 1);
INSERT INTO visits (page, at, tags, meta) SELECT 'page' || n % 7, timestamptz '2024-03-01 00:00:00+00' + n * interval '1 hour', ARRAY['t' || n % 3, 'u'], jsonb_build_object('n', n) FROM generate_series(1, 40) AS n;
INSERT INTO moods VALUES (1, 'ok', 'abc', '[1,5)', '6f9619ff-8b86-d011-b42d-00cf4fc964ff', '10.0.0.1', '1 day', 1.5, true), (2, 'sad', 'xyz', 'empty', NULL, NULL, NULL, 'NaN', NULL);
INSERT INTO capped VALUES (3, @salary@, NULL, 'n'), (4, 1, NULL, 'n');
INSERT INTO capped_parts VALUES (3, @salary@, NULL);
INSERT INTO ratios (id, salary, part) VALUES (3, @salary@, 1);
INSERT INTO paired VALUES ('a', '@ssn@'), ('b', '912-84-7735');
INSERT INTO limited VALUES (3, 'a', @salary@);
INSERT INTO quiet VALUES (1, '912-84-7735');
INSERT INTO contacts VALUES (1, 'ann.smith@corp.test', '+41 44 668 18 00', '6f9619ff-8b86-d011-b42d-00cf4fc964ff', '\x00112233445566778899aabbccddeeff', '555-12-0001', '4000000000000001');
INSERT INTO letters VALUES (3, repeat('@ssn@ ', 500));
SELECT lo_from_bytea(464646, '@ssn@');
REFRESH MATERIALIZED VIEW people_mat;
REFRESH MATERIALIZED VIEW people_mat_codes;
REFRESH MATERIALIZED VIEW people_stats;
ANALYZE;
