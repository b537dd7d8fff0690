-- SPDX-License-Identifier: Apache-2.0

### star | all columns
SELECT id, name, ssn, card, salary, born, profile, notes, photo FROM people WHERE id = 3

### plain-ssn | the column itself
SELECT ssn FROM people WHERE id = 3

### plain-card | the column itself
SELECT card FROM people WHERE id = 3

### plain-salary | the column itself
SELECT salary FROM people WHERE id = 3

### plain-born | the column itself
SELECT born FROM people WHERE id = 3

### plain-profile | the column itself
SELECT profile FROM people WHERE id = 3

### plain-notes | the column itself
SELECT notes FROM people WHERE id = 3

### plain-photo | the column itself
SELECT photo FROM people WHERE id = 3

### alias | another output name
SELECT ssn AS harmless FROM people WHERE id = 3

### alias-of-table | another name of the table and the column
SELECT q.w FROM people AS q (a, b, c, w) WHERE q.a = 3

### twice | shifted positions
SELECT name, ssn, "name", card, ssn, name FROM people WHERE id = 3

### star-behind-column | a column in front of the star moves the positions
SELECT joined, p.id, p.* FROM (SELECT id, ssn, name, joined FROM people) p WHERE id = 3

### quoted | quoted names
SELECT "ssn" FROM "public"."people" WHERE "id" = 3

### unicode-name | names in Unicode escapes
SELECT U&"\0073\0073\006E" FROM U&"p\0065ople" WHERE id = 3

### unicode-uescape | names in Unicode escapes of one's own
SELECT U&"!0073sn" UESCAPE '!' FROM people WHERE id = 3

### case-folded | capitals
SELECT SSN FROM PEOPLE WHERE ID = 3

### commented | comments within
SELECT/**/ssn--x
FROM/*/**/*/people WHERE id=3

### odd-schema | quoted names with blanks and letters beyond ASCII
SELECT "S S N" FROM "Odd Schema"."Päople"

### odd-schema-escaped | the same in escapes
SELECT U&"S\0020S\0020N" FROM U&"Odd\0020Schema".U&"P\00E4ople"

### database-qualified | names that begin with the database
SELECT ssn FROM public.people WHERE people.id = 3 AND public.people.id = 3

### table-command | TABLE
WITH t AS (SELECT ssn FROM people WHERE id = 3) TABLE t

### whole-row | a whole row
SELECT people FROM people WHERE id = 3

### whole-row-subquery | a whole row of a subquery
SELECT q FROM (SELECT ssn, name FROM people WHERE id = 3) q

### whole-row-text | a whole row as text
SELECT people::text FROM people WHERE id = 3

### row-constructor | ROW()
SELECT ROW(id, ssn) FROM people WHERE id = 3

### row-star | ROW(t.*)
SELECT ROW(people.*) FROM people WHERE id = 3

### field-of-row | a field of a whole row
SELECT (people).ssn FROM people WHERE id = 3

### field-of-cast-row | a field of a composite value
SELECT ((people)).card FROM people WHERE id = 3

### row-to-json | row_to_json
SELECT row_to_json(people) FROM people WHERE id = 3

### to-jsonb | to_jsonb
SELECT to_jsonb(people) FROM people WHERE id = 3

### json-build | json_build_object
SELECT json_build_object('a', ssn) FROM people WHERE id = 3

### json-agg | json_agg
SELECT json_agg(people) FROM people WHERE id = 3

### jsonb-object-agg | jsonb_object_agg
SELECT jsonb_object_agg(ssn, id) FROM people WHERE id = 3

### json-each | json_each_text over a row
SELECT j.* FROM people, json_each_text(row_to_json(people)) j WHERE id = 3

### jsonb-populate | through jsonb_populate_record
SELECT (jsonb_populate_record(NULL::other.people, to_jsonb(p))).ssn FROM people p WHERE id = 3

### json-constructor | JSON_OBJECT of the standard
@since 16
SELECT JSON_OBJECT('s': ssn) FROM people WHERE id = 3

### json-array-constructor | JSON_ARRAY of the standard
@since 16
SELECT JSON_ARRAY(ssn, card) FROM people WHERE id = 3

### json-arrayagg | JSON_ARRAYAGG of the standard
@since 16
SELECT JSON_ARRAYAGG(ssn) FROM people WHERE id = 3

### json-table | JSON_TABLE
@since 17
SELECT t.* FROM people, JSON_TABLE(to_jsonb(people), '$' COLUMNS (s text PATH '$.ssn')) t WHERE id = 3

### json-value | JSON_VALUE
@since 17
SELECT JSON_VALUE(to_jsonb(people), '$.ssn') FROM people WHERE id = 3

### json-query | JSON_QUERY
@since 17
SELECT JSON_QUERY(profile, '$.ssn') FROM people WHERE id = 3

### xml-forest | xmlforest
SELECT xmlforest(ssn, card) FROM people WHERE id = 3

### xml-element | xmlelement
SELECT xmlelement(name x, xmlattributes(ssn AS s)) FROM people WHERE id = 3

### xml-concat | xmlagg
SELECT xmlagg(xmlelement(name s, ssn)) FROM people WHERE id = 3

### xml-table | XMLTABLE
SELECT x.* FROM people, XMLTABLE('/r' PASSING xmlelement(name r, ssn) COLUMNS s text PATH '.') x WHERE id = 3

### fn-upper | an expression
SELECT upper(ssn) FROM people WHERE id = 3

### fn-reverse | an expression
SELECT reverse(ssn) FROM people WHERE id = 3

### fn-concat | an expression
SELECT 'x' || ssn FROM people WHERE id = 3

### fn-concat-fn | an expression
SELECT concat(name, ssn) FROM people WHERE id = 3

### fn-format | an expression
SELECT format('%s', ssn) FROM people WHERE id = 3

### fn-quote | an expression
SELECT quote_literal(ssn) FROM people WHERE id = 3

### fn-md5 | an expression
SELECT md5(ssn) FROM people WHERE id = 3

### fn-sha | an expression
SELECT encode(sha256(ssn::bytea), 'hex') FROM people WHERE id = 3

### fn-hex | an expression
SELECT encode(ssn::bytea, 'hex') FROM people WHERE id = 3

### fn-base64 | an expression
SELECT encode(ssn::bytea, 'base64') FROM people WHERE id = 3

### fn-substr | an expression
SELECT substr(ssn, 1, 3), substr(ssn, 4) FROM people WHERE id = 3

### fn-left | an expression
SELECT left(ssn, 1) FROM people WHERE id = 3

### fn-ascii | an expression
SELECT ascii(ssn) FROM people WHERE id = 3

### fn-split | an expression
SELECT split_part(ssn, '-', 2) FROM people WHERE id = 3

### fn-replace | an expression
SELECT replace(ssn, '-', '') FROM people WHERE id = 3

### fn-translate | an expression
SELECT translate(ssn, '0123456789', 'abcdefghij') FROM people WHERE id = 3

### fn-regexp | an expression
SELECT regexp_replace(ssn, '(.)', '\1.', 'g') FROM people WHERE id = 3

### fn-length | an expression
SELECT length(nullif(ssn, '912-84-7735')) FROM people WHERE id = 3

### fn-position | an expression
SELECT position('9' in ssn) FROM people WHERE id = 3

### fn-array | an expression
SELECT ARRAY[ssn, card] FROM people WHERE id = 3

### fn-string-to-array | an expression
SELECT string_to_array(ssn, NULL) FROM people WHERE id = 3

### fn-regexp-matches | an expression
SELECT regexp_match(ssn, '\d+') FROM people WHERE id = 3

### fn-coalesce | an expression
SELECT coalesce(ssn, 'x') FROM people WHERE id = 3

### fn-nullif | an expression
SELECT nullif(ssn, 'x') FROM people WHERE id = 3

### fn-case | an expression
SELECT CASE WHEN ssn > '5' THEN 'high' ELSE 'low' END FROM people WHERE id = 3

### fn-case-simple | an expression
SELECT CASE ssn WHEN '912-84-7735' THEN 1 ELSE 2 END FROM people WHERE id = 3

### fn-greatest | an expression
SELECT greatest(ssn, '0') FROM people WHERE id = 3

### fn-is-distinct | an expression
SELECT ssn IS DISTINCT FROM '912-84-7735' FROM people WHERE id = 3

### fn-comparison | an expression
SELECT ssn > '5' FROM people WHERE id = 3

### fn-like | an expression
SELECT ssn LIKE '9%' FROM people WHERE id = 3

### fn-between | an expression
SELECT ssn BETWEEN '9' AND '91z' FROM people WHERE id = 3

### fn-in-list | an expression
SELECT ssn IN ('912-84-7735', 'x') FROM people WHERE id = 3

### fn-any-array | an expression
SELECT ssn = ANY (ARRAY['912-84-7735']) FROM people WHERE id = 3

### fn-cast-bytea | an expression
SELECT ssn::bytea FROM people WHERE id = 3

### fn-cast-name | an expression
SELECT ssn::name FROM people WHERE id = 3

### fn-cast-char | an expression
SELECT ssn::char(3) FROM people WHERE id = 3

### fn-to-hex-num | an expression
SELECT to_hex(salary::bigint) FROM people WHERE id = 3

### fn-salary-math | an expression
SELECT salary + 1 FROM people WHERE id = 3

### fn-salary-mod | an expression
SELECT salary % 7 FROM people WHERE id = 3

### fn-salary-text | an expression
SELECT salary::text FROM people WHERE id = 3

### fn-salary-digits | an expression
SELECT trunc(salary / 1e9) FROM people WHERE id = 3

### fn-to-char | an expression
SELECT to_char(salary, '999999999999.99') FROM people WHERE id = 3

### fn-width-bucket | an expression
SELECT width_bucket(salary, 0, 1e12, 1000) FROM people WHERE id = 3

### fn-extract-year | an expression
SELECT extract(year FROM born) FROM people WHERE id = 3

### fn-age | an expression
SELECT age(date '2026-01-01', born) FROM people WHERE id = 3

### fn-born-epoch | an expression
SELECT extract(epoch FROM born) FROM people WHERE id = 3

### fn-date-part | an expression
SELECT date_part('doy', born) FROM people WHERE id = 3

### fn-born-trunc | an expression
SELECT date_trunc('month', born) FROM people WHERE id = 3

### fn-born-range | an expression
SELECT daterange(born, NULL) FROM people WHERE id = 3

### fn-arr-elem | an expression
SELECT notes[1] FROM people WHERE id = 3

### fn-arr-slice | an expression
SELECT notes[1:1] FROM people WHERE id = 3

### fn-arr-to-string | an expression
SELECT array_to_string(notes, ',') FROM people WHERE id = 3

### fn-arr-position | an expression
SELECT array_position(notes, 'kestrelnote8841') FROM people WHERE id = 3

### fn-arr-contains | an expression
SELECT notes @> ARRAY['kestrelnote8841'] FROM people WHERE id = 3

### fn-arr-json | an expression
SELECT to_json(notes) FROM people WHERE id = 3

### fn-arr-cat | an expression
SELECT notes || 'z'::text FROM people WHERE id = 3

### fn-bytea-get | an expression
SELECT get_byte(photo, 0), get_byte(photo, 1), get_byte(photo, 2) FROM people WHERE id = 3

### fn-bytea-enc | an expression
SELECT encode(photo, 'escape') FROM people WHERE id = 3

### fn-bytea-substr | an expression
SELECT substring(photo FROM 1 FOR 4) FROM people WHERE id = 3

### fn-bytea-crc | an expression
SELECT md5(photo) FROM people WHERE id = 3

### fn-bytea-md5 | an expression
SELECT sha512(photo) FROM people WHERE id = 3

### fn-j-arrow | an expression
SELECT profile->'ssn' FROM people WHERE id = 3

### fn-j-arrow2 | an expression
SELECT profile->>'ssn' FROM people WHERE id = 3

### fn-j-hash | an expression
SELECT profile #> '{ssn}' FROM people WHERE id = 3

### fn-j-hash2 | an expression
SELECT profile #>> '{deep,code}' FROM people WHERE id = 3

### fn-j-sub | an expression
SELECT profile['ssn'] FROM people WHERE id = 3

### fn-j-path | an expression
SELECT jsonb_path_query(profile, '$.ssn') FROM people WHERE id = 3

### fn-j-path-all | an expression
SELECT jsonb_path_query_array(profile, '$.**') FROM people WHERE id = 3

### fn-j-path-exists | an expression
SELECT jsonb_path_exists(profile, '$ ? (@.ssn starts with "Q")') FROM people WHERE id = 3

### fn-j-path-match | an expression
SELECT jsonb_path_match(profile, '$.ssn == "QZKANARYALPHA7731"') FROM people WHERE id = 3

### fn-j-op-exists | an expression
SELECT profile @? '$.deep ? (@.code starts with "z")' FROM people WHERE id = 3

### fn-j-op-match | an expression
SELECT profile @@ '$.ssn == "QZKANARYALPHA7731"' FROM people WHERE id = 3

### fn-j-contains | an expression
SELECT profile @> '{"ssn": "QZKANARYALPHA7731"}' FROM people WHERE id = 3

### fn-j-minus | an expression
SELECT profile - 'city' FROM people WHERE id = 3

### fn-j-text | an expression
SELECT profile::text FROM people WHERE id = 3

### fn-j-pretty | an expression
SELECT jsonb_pretty(profile) FROM people WHERE id = 3

### fn-j-set | an expression
SELECT jsonb_set(profile, '{x}', profile->'ssn') FROM people WHERE id = 3

### fn-j-strip | an expression
SELECT jsonb_strip_nulls(profile) FROM people WHERE id = 3

### fn-j-cat | an expression
SELECT profile || '{}' FROM people WHERE id = 3

### fn-j-each | an expression
SELECT jsonb_each_text(profile) FROM people WHERE id = 3

### fn-j-keys | an expression
SELECT jsonb_object_agg(profile->>'ssn', 1) FROM people WHERE id = 3

### fn-j-typeof | an expression
SELECT length(profile->>'ssn') + ascii(profile->>'ssn') FROM people WHERE id = 3

### fn-j-deep | an expression
SELECT profile->'deep'->>'code' FROM people WHERE id = 3

### fn-j-tsv | an expression
SELECT jsonb_to_tsvector('simple', profile, '"all"') FROM people WHERE id = 3

### fn-tsv | an expression
SELECT to_tsvector('simple', ssn) FROM people WHERE id = 3

### fn-ts-headline | an expression
SELECT ts_headline('simple', ssn, to_tsquery('simple', 'x')) FROM people WHERE id = 3

### fn-similarity | an expression
SELECT similarity(ssn, '912-84-7735') FROM people WHERE id = 3

### fn-trgm | an expression
SELECT show_trgm(ssn) FROM people WHERE id = 3

### fn-levenshtein | an expression
SELECT levenshtein(ssn, '912-84-7735') FROM people WHERE id = 3

### fn-soundex-like | an expression
SELECT difference(profile->>'ssn', 'QZKANARY') FROM people WHERE id = 3

### fn-hstore | an expression
SELECT hstore('k', ssn) FROM people WHERE id = 3

### fn-hstore-row | an expression
SELECT hstore(people) FROM people WHERE id = 3

### fn-crypt | an expression
SELECT encode(digest(ssn, 'sha1'), 'hex') FROM people WHERE id = 3

### fn-hmac | an expression
SELECT encode(hmac(ssn, 'k', 'sha256'), 'hex') FROM people WHERE id = 3

### fn-pg-column-size | an expression
SELECT pg_column_size(replace(ssn, '9', 'xxxxxxxxxxxxxxxx')) FROM people WHERE id = 3

### fn-hashtext | an expression
SELECT hashtext(ssn) FROM people WHERE id = 3

### fn-hash-extended | an expression
SELECT hashtextextended(ssn, 7) FROM people WHERE id = 3

### fn-overlay | an expression
SELECT overlay(ssn placing 'x' from 1 for 1) FROM people WHERE id = 3

### fn-repeat-len | an expression
SELECT repeat('a', ascii(ssn)) FROM people WHERE id = 3

### fn-chr | an expression
SELECT chr(ascii(ssn) + 1) FROM people WHERE id = 3

### fn-unnest | an expression
SELECT unnest(notes) FROM people WHERE id = 3

### fn-generate-series | an expression
SELECT generate_series(1, left(ssn, 1)::int) FROM people WHERE id = 3

### fn-set-returning | an expression
SELECT regexp_split_to_table(ssn, '') FROM people WHERE id = 3

### fn-bit | an expression
SELECT ascii(ssn)::bit(8) FROM people WHERE id = 3

### fn-collate | an expression
SELECT ssn COLLATE "C" FROM people WHERE id = 3

### fn-at-row-in | an expression
SELECT ROW(ssn) = ROW('912-84-7735') FROM people WHERE id = 3

### fn-row-compare | an expression
SELECT ROW(ssn, id) > ROW('5', 0) FROM people WHERE id = 3

### fn-null-test | an expression
SELECT nullif(ssn, '912-84-7735') IS NULL FROM people WHERE id = 3

### fn-bool-chain | an expression
SELECT (ssn > '5') IS TRUE FROM people WHERE id = 3

### fn-string-cmp-fn | an expression
SELECT texteq(ssn, '912-84-7735') FROM people WHERE id = 3

### fn-internal-fn | an expression
SELECT pg_catalog.textcat(ssn, '') FROM people WHERE id = 3

### fn-op-qualified | an expression
SELECT ssn OPERATOR(pg_catalog.||) '' FROM people WHERE id = 3

### fn-starts-with | an expression
SELECT starts_with(ssn, '9') FROM people WHERE id = 3

### fn-caret-at | an expression
SELECT ssn ^@ '9' FROM people WHERE id = 3

### fn-similar | an expression
SELECT ssn SIMILAR TO '9%' FROM people WHERE id = 3

### fn-regex-op | an expression
SELECT ssn ~ '^9' FROM people WHERE id = 3

### fn-normalize | an expression
SELECT normalize(ssn) FROM people WHERE id = 3

### fn-unistr | an expression
SELECT parse_ident('a' || translate(ssn, '-', '_')) FROM people WHERE id = 3

### fn-jsonb-cast | an expression
SELECT to_jsonb(ssn) FROM people WHERE id = 3

### fn-xml-cast | an expression
SELECT ssn::xml FROM people WHERE id = 3

### fn-quote-ident | an expression
SELECT quote_ident(ssn) FROM people WHERE id = 3

### fn-convert | an expression
SELECT convert_to(ssn, 'LATIN1') FROM people WHERE id = 3

### fn-to-number | an expression
SELECT to_number(left(ssn, 3), '999') FROM people WHERE id = 3

### fn-numeric-cast | an expression
SELECT replace(ssn, '-', '')::numeric FROM people WHERE id = 3

### fn-interval | an expression
SELECT make_interval(days => left(ssn, 3)::int) FROM people WHERE id = 3

### fn-inet | an expression
SELECT ('10.0.0.' || left(ssn, 2))::inet FROM people WHERE id = 3

### fn-uuid | an expression
SELECT md5(ssn)::uuid FROM people WHERE id = 3

### fn-point | an expression
SELECT point(left(ssn, 3)::float, 0) FROM people WHERE id = 3

### fn-range | an expression
SELECT numrange(0, salary) FROM people WHERE id = 3

### fn-money | an expression
SELECT salary::money FROM people WHERE id = 3

### fn-lpad | an expression
SELECT lpad(ssn, 20, '*') FROM people WHERE id = 3

### fn-ctid | an expression
SELECT ctid, ssn, tableoid FROM people WHERE id = 3

### fn-bit-length | an expression
SELECT bit_length(replace(ssn, '9', '')) FROM people WHERE id = 3

### fn-count-nulls | an expression
SELECT num_nulls(nullif(ssn, '912-84-7735')) FROM people WHERE id = 3

### fn-pg-typeof-case | an expression
SELECT pg_typeof(CASE WHEN ssn > '5' THEN 1 END), CASE WHEN ssn > '5' THEN 1 END FROM people WHERE id = 3
