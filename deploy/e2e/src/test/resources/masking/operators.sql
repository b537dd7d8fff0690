-- SPDX-License-Identifier: Apache-2.0
-- What a statement may call without naming it. With these in a database no statement is exempt from being resolved, so they have one of their own.
CREATE FUNCTION cat_state(text, text) RETURNS text LANGUAGE sql AS 'SELECT coalesce($1, '''') || coalesce($2, '''')';
CREATE AGGREGATE cat_all(text) (SFUNC = cat_state, STYPE = text);
CREATE FUNCTION op_ssn(int, int) RETURNS text LANGUAGE sql AS 'SELECT ssn FROM public.people WHERE id = $1 + $2';
CREATE OPERATOR |+| (LEFTARG = int, RIGHTARG = int, FUNCTION = op_ssn);
CREATE TYPE peek AS (n int);
CREATE FUNCTION peek_text(peek) RETURNS text LANGUAGE sql AS 'SELECT ssn FROM public.people WHERE id = $1.n';
CREATE CAST (peek AS text) WITH FUNCTION peek_text(peek);
