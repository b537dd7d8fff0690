SELECT 1::int2, 2::int4, 9223372036854775807::int8, 1.5::float4, 'NaN'::float8, '-Infinity'::float8, 12345678901234567890.123456789::numeric, 'NaN'::numeric, '12.34'::money

SELECT 1/3.0, 10::numeric ^ 50, -0.0::float8, 1e-300::float8, 0::oid, '0/16B3748'::pg_lsn

SELECT $1::int4 + 1, $2::numeric
--@ parameter 41
--@ parameter 1000000000000000000000.5
