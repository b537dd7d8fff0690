-- SPDX-License-Identifier: Apache-2.0
-- What a statement may call without naming it. With these in a database no statement is exempt from being resolved, so they have one of their own.
CREATE FUNCTION cat_state(text, text) RETURNS text LANGUAGE sql AS 'SELECT coalesce($1, '''') || coalesce($2, '''')';
CREATE AGGREGATE cat_all(text) (SFUNC = cat_state, STYPE = text);
CREATE FUNCTION op_ssn(int, int) RETURNS text LANGUAGE sql AS 'SELECT ssn FROM public.people WHERE id = $1 + $2';
CREATE OPERATOR |+| (LEFTARG = int, RIGHTARG = int, FUNCTION = op_ssn);
CREATE TYPE peek AS (n int);
CREATE FUNCTION peek_text(peek) RETURNS text LANGUAGE sql AS 'SELECT ssn FROM public.people WHERE id = $1.n';
CREATE CAST (peek AS text) WITH FUNCTION peek_text(peek);
CREATE FUNCTION spy_domain(text) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RAISE NOTICE ''saw %'', (SELECT ssn FROM public.people WHERE id = 3); RETURN true; END';
CREATE DOMAIN spied AS text CHECK (spy_domain(VALUE));
CREATE FUNCTION spy_error(text) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''saw %'', (SELECT ssn FROM public.people WHERE id = 3) USING ERRCODE = ''42601''; END';
CREATE DOMAIN spoilt AS text CHECK (spy_error(VALUE));
CREATE TYPE spoilt_pair AS (a int, b spoilt);
CREATE TABLE spied_table (d spied);
