-- SPDX-License-Identifier: Apache-2.0
-- The objects of both databases. Rows come later: they alone differ between the two.
CREATE ROLE walker SUPERUSER;
CREATE ROLE clerk;
CREATE TABLE depts (name text PRIMARY KEY, city text, budget int);
CREATE TABLE people (
    id int PRIMARY KEY,
    name text NOT NULL,
    dept text REFERENCES depts,
    ssn text,
    card text,
    salary numeric(20,2),
    born date,
    profile jsonb,
    notes text[],
    photo bytea,
    pin text,
    joined timestamptz DEFAULT '2024-01-01 00:00:00+00');
CREATE INDEX people_ssn ON people (ssn);
CREATE TABLE orders (id int PRIMARY KEY, person int REFERENCES people (id), total numeric(10,2), placed date, status text);
CREATE TABLE copies (k int, v text);
CREATE TABLE events (id int, kind text, secret text) PARTITION BY LIST (kind);
CREATE TABLE events_x PARTITION OF events FOR VALUES IN ('x');
CREATE TABLE events_y PARTITION OF events FOR VALUES IN ('y');
CREATE TABLE events_spare (id int, kind text, secret text);
CREATE TABLE animals (id int, name text, tag text);
CREATE TABLE cats (lives int) INHERITS (animals);
CREATE TABLE litter (id int, chip text);
CREATE TABLE cubs (den text) INHERITS (litter);
CREATE TABLE staff (id int PRIMARY KEY, ssn text UNIQUE);
CREATE TABLE badges (id int PRIMARY KEY, staff_ssn text REFERENCES staff (ssn));
CREATE TABLE passes (id int PRIMARY KEY, staff_ssn text REFERENCES staff (ssn) DEFERRABLE);
CREATE TABLE staff_late (id int PRIMARY KEY, ssn text UNIQUE);
CREATE TABLE passes_late (id int PRIMARY KEY, staff_ssn text REFERENCES staff_late (ssn) DEFERRABLE INITIALLY DEFERRED);
CREATE SCHEMA "Odd Schema";
CREATE TABLE "Odd Schema"."Päople" ("I D" int, "S S N" text);
CREATE TABLE log_people (id int, was text);
CREATE TABLE guesses (g text);
CREATE TABLE visits (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, page text, at timestamptz, tags text[], meta jsonb);
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE DOMAIN code AS text CHECK (length(VALUE) < 40);
CREATE TABLE moods (id int PRIMARY KEY, m mood, c code, r int4range, u uuid, ip inet, d interval, f float8, b boolean);

CREATE VIEW people_all AS SELECT * FROM people;
CREATE VIEW people_codes AS SELECT id, upper(ssn) AS code FROM people;
CREATE VIEW people_low AS SELECT id, CASE WHEN ssn < '5' THEN 1 END AS low FROM people;
CREATE VIEW people_nested AS SELECT code AS c2, id FROM people_codes;
CREATE VIEW people_bar WITH (security_barrier) AS SELECT id, name, ssn FROM people WHERE id < 100;
CREATE VIEW people_rich AS SELECT id, name FROM people WHERE salary > 900000000000;
CREATE VIEW people_public AS SELECT id, name, dept FROM people;
CREATE VIEW people_counts AS SELECT dept, count(*) AS n FROM people GROUP BY dept;
CREATE VIEW people_json AS SELECT id, row_to_json(p) AS doc FROM people p;
CREATE VIEW people_arr AS SELECT array_agg(ssn ORDER BY id) AS all_ssn FROM people;
CREATE RECURSIVE VIEW people_walk (id, ssn) AS SELECT id, ssn FROM people WHERE id = 1 UNION ALL SELECT p.id, p.ssn FROM people p JOIN people_walk w ON p.id = w.id + 1;
CREATE MATERIALIZED VIEW people_mat AS SELECT id, ssn FROM people;
CREATE MATERIALIZED VIEW people_mat_codes AS SELECT id, reverse(ssn) AS rev FROM people;
CREATE MATERIALIZED VIEW people_stats AS SELECT dept, count(*) AS n FROM people GROUP BY dept;

CREATE FUNCTION get_ssn(int) RETURNS text LANGUAGE sql STABLE AS 'SELECT ssn FROM public.people WHERE id = $1';
CREATE FUNCTION get_ssn_atomic(n int) RETURNS text LANGUAGE sql STABLE BEGIN ATOMIC SELECT ssn FROM people WHERE id = n; END;
CREATE FUNCTION get_ssn_pl(int) RETURNS text LANGUAGE plpgsql STABLE AS 'BEGIN RETURN (SELECT ssn FROM public.people WHERE id = $1); END';
CREATE FUNCTION get_ssn_definer(int) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER AS 'BEGIN RETURN (SELECT ssn FROM public.people WHERE id = $1); END';
CREATE FUNCTION all_people() RETURNS SETOF people LANGUAGE sql STABLE AS 'SELECT * FROM public.people';
CREATE FUNCTION people_table() RETURNS TABLE (i int, s text) LANGUAGE plpgsql STABLE AS 'BEGIN RETURN QUERY SELECT id, ssn FROM public.people; END';
CREATE FUNCTION dyn(q text) RETURNS text LANGUAGE plpgsql AS 'DECLARE r text; BEGIN EXECUTE q INTO r; RETURN r; END';
CREATE FUNCTION dyn_refcursor() RETURNS refcursor LANGUAGE plpgsql AS 'DECLARE c refcursor := ''leak''; BEGIN OPEN c FOR SELECT ssn FROM public.people WHERE id = 3; RETURN c; END';
CREATE FUNCTION shout(people) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT upper($1.ssn)';
CREATE FUNCTION noisy(text) RETURNS text LANGUAGE plpgsql AS 'BEGIN RAISE NOTICE ''saw %'', $1; RETURN $1; END';
CREATE FUNCTION spy(text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS 'BEGIN RAISE NOTICE ''spy %'', $1; RETURN true; END';
CREATE FUNCTION broken(text) RETURNS int LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''value %'', $1; END';
CREATE FUNCTION defaulted(x text DEFAULT get_ssn(3)) RETURNS text LANGUAGE sql AS 'SELECT $1';
CREATE FUNCTION variadic_join(VARIADIC text[]) RETURNS text LANGUAGE sql AS 'SELECT array_to_string($1, '''')';
CREATE PROCEDURE shout_proc(INOUT s text) LANGUAGE plpgsql AS 'BEGIN s := (SELECT ssn FROM public.people WHERE id = 3); END';
CREATE PROCEDURE copy_proc() LANGUAGE plpgsql AS 'BEGIN INSERT INTO public.copies SELECT id, ssn FROM public.people; END';
CREATE FUNCTION log_old() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO public.log_people VALUES (OLD.id, OLD.ssn); RETURN NEW; END';
CREATE TABLE watched (id int PRIMARY KEY, ssn text, name text);
CREATE TABLE watched_log (id int, was text);
CREATE FUNCTION watched_log_old() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO public.watched_log VALUES (OLD.id, OLD.ssn); RAISE NOTICE ''was %'', OLD.ssn; RETURN NEW; END';
CREATE TRIGGER watched_log_old BEFORE UPDATE ON watched FOR EACH ROW EXECUTE FUNCTION watched_log_old();
CREATE TABLE inbox (id int, answer text);
CREATE FUNCTION inbox_fill() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.answer := (SELECT ssn FROM public.people WHERE people.id = NEW.id); RETURN NEW; END';
CREATE TRIGGER inbox_fill BEFORE INSERT ON inbox FOR EACH ROW EXECUTE FUNCTION inbox_fill();
CREATE TABLE ruled (id int, note text);
CREATE RULE ruled_insert AS ON INSERT TO ruled DO INSTEAD SELECT ssn FROM people WHERE id = 3;
CREATE TABLE twin (id int, ssn text, loud text GENERATED ALWAYS AS (upper(ssn)) STORED);
CREATE TABLE letters (id int, ssn text);
ALTER TABLE letters ALTER COLUMN ssn SET STORAGE EXTERNAL;
DO $$ BEGIN EXECUTE format('CREATE VIEW letters_pieces AS SELECT chunk_data FROM %s', (SELECT reltoastrelid::regclass FROM pg_class WHERE relname = 'letters')); END $$;
CREATE TABLE answers (id int, answer text DEFAULT get_ssn(3));
CREATE TABLE checked (id int, ssn text CHECK (ssn <> 'nobody'), n int);
CREATE TABLE capped (id int PRIMARY KEY, salary numeric(20,2), floor numeric, note text, CHECK (floor IS NULL OR floor <= salary));
CREATE TABLE capped_parts (id int, salary numeric(20,2), floor numeric) PARTITION BY LIST (id);
CREATE TABLE capped_part PARTITION OF capped_parts (CHECK (floor IS NULL OR floor <= salary)) FOR VALUES IN (3, 4);
CREATE TABLE ratios (id int, salary numeric(20,2), part numeric, ratio numeric GENERATED ALWAYS AS (1 / (salary - part)) STORED);
CREATE TABLE paired (dept text, ssn text, UNIQUE (dept, ssn));
CREATE TABLE limited (id int, dept text, salary numeric(20,2));
CREATE UNIQUE INDEX limited_dept ON limited (dept) WHERE coalesce(salary, 0) < 500000000000;
CREATE TABLE quiet (id int, ssn text);
CREATE TRIGGER quiet_same BEFORE UPDATE ON quiet FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TABLE words (id int, ssn text, found tsvector);
CREATE TRIGGER words_found BEFORE INSERT OR UPDATE ON words FOR EACH ROW EXECUTE FUNCTION tsvector_update_trigger(found, 'pg_catalog.simple', ssn);
CREATE TABLE stamped (id int, at timestamptz);
CREATE FUNCTION stamped_at() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.at := now(); RETURN NEW; END';
CREATE TRIGGER stamped_at BEFORE INSERT ON stamped FOR EACH ROW EXECUTE FUNCTION stamped_at();
CREATE TABLE people_old (id int, ssn text, card text, salary numeric(20,2));
CREATE TABLE people_short (id int, ssn varchar(11), salary numeric(4,2));
CREATE VIEW depts_view AS SELECT name, city FROM depts;
CREATE FUNCTION greeting() RETURNS text LANGUAGE sql STABLE AS 'SELECT ''hello''::text';
CREATE FUNCTION dept_city(d text) RETURNS text LANGUAGE sql STABLE AS 'SELECT city FROM public.depts WHERE name = d';
CREATE FUNCTION dept_budget(d text) RETURNS int LANGUAGE sql STABLE BEGIN ATOMIC SELECT budget FROM depts WHERE name = d; END;
CREATE FUNCTION initials(t text) RETURNS text LANGUAGE sql IMMUTABLE RETURN upper(left(t, 1));
CREATE FUNCTION twice(t text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT public.initials($1) || public.initials($1)';
CREATE FUNCTION paid_orders() RETURNS SETOF int LANGUAGE sql STABLE AS 'SELECT id FROM public.orders WHERE status = ''paid''';
CREATE FUNCTION indirect(n int) RETURNS text LANGUAGE sql STABLE AS 'SELECT public.get_ssn(n)';
CREATE FUNCTION inverse(n numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT 1 / n';
CREATE VIEW dept_cities AS SELECT name, dept_city(name) AS c FROM depts;
CREATE TABLE contacts (id int PRIMARY KEY, email text, phone text, ref uuid, code bytea, ssn text, card text);
CREATE TABLE notes (id int, body text, ref uuid);
CREATE SCHEMA other;
CREATE TABLE other.people (id int, ssn text);
INSERT INTO other.people VALUES (3, 'nothing here');
CREATE FUNCTION other.upper(text) RETURNS text LANGUAGE sql AS 'SELECT ssn FROM public.people WHERE id = 3';
CREATE EXTENSION dblink;
CREATE EXTENSION tablefunc;
CREATE EXTENSION pgcrypto;
CREATE EXTENSION hstore;
CREATE EXTENSION pg_trgm;
CREATE EXTENSION fuzzystrmatch;
CREATE EXTENSION pageinspect;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO clerk;
