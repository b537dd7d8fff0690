SELECT 'plain'::text, 'padded'::char(10), 'short'::varchar(3), 'name'::name, E'tab\tand\nline', U&'\0441\043B\043E\043D', '日本語', '👩‍👩‍👧', 'e' || U&'\0301'

SELECT length('日本語🐘'), octet_length('日本語🐘'), upper('straße'), 'ﬁ' AS "сolumn ☃", $$dollar $1 'quotes'$$, $tag$ $$ $tag$

SELECT $1::text, $2::text
--@ parameter Ünïcödé ☃
--@ parameter \N
