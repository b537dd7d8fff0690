SELECT length($1::text), md5($1::text)
--@ parameter {1000000*long }

SELECT $1::text || $2::text
--@ parameter {200000*ä}
--@ parameter {10*z}

SELECT $1::int
--@ parameter not a number

SELECT $1::text, $2::text
--@ parameter only one

SELECT $1
--@ parameter of unknown type

SELECT $3::int
--@ parameter 1
--@ parameter 2
--@ parameter 3
