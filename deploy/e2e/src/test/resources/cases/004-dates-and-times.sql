SELECT '2026-11-23'::date, '10:11:12.123456'::time, '10:11:12+02'::timetz, '2026-11-23 10:11:12.5'::timestamp, '2026-11-23 10:11:12.5+02'::timestamptz, '1 year 2 mons 3 days 04:05:06.7'::interval, 'infinity'::timestamp, '4713-01-01 BC'::date

SET DateStyle = 'German, DMY'

SELECT '2026-11-23 10:11:12.5+02'::timestamptz, '23.11.2026'::date

SET IntervalStyle = 'iso_8601'

SELECT '1 year 2 mons 3 days 04:05:06.7'::interval

SET TimeZone = 'Asia/Tokyo'

SELECT '2026-11-23 10:11:12.5+02'::timestamptz
