import { isKnown } from "../since.ts";

/**
 * A database as an attacker with rights to create objects would leave it, and honest objects beside. `dblink` writes past any
 * READ ONLY, so whatever reaches it is a hole.
 */
const HOSTILE = `
CREATE EXTENSION dblink;
CREATE EXTENSION tablefunc;
CREATE EXTENSION citext;
CREATE EXTENSION pg_trgm;
CREATE SCHEMA app;
CREATE SCHEMA extensions;
CREATE EXTENSION ltree SCHEMA extensions;
CREATE EXTENSION hstore SCHEMA extensions;
CREATE TABLE app.users (id int PRIMARY KEY, email text, name varchar(50), age int, data jsonb, tags text[], path extensions.ltree, at timestamptz);
INSERT INTO app.users SELECT g, 'u' || g || '@example.com', 'User ' || g, g % 80, jsonb_build_object('n', g), ARRAY['a','b'], 'top.child', now() FROM generate_series(1, 200) g;
CREATE TABLE app.orders (id bigint PRIMARY KEY, user_id int REFERENCES app.users, total numeric(12,2), period daterange, placed date);
INSERT INTO app.orders SELECT g, g % 200 + 1, g * 1.5, daterange('2024-01-01', '2024-02-01'), date '2024-01-01' + g FROM generate_series(1, 500) g;
CREATE SEQUENCE app.counter;
GRANT SELECT ON app.counter TO PUBLIC;
CREATE TABLE app.victim (x int);

CREATE FUNCTION public.write_it() RETURNS text LANGUAGE sql AS $$ SELECT dblink_exec('dbname=nowhere', 'INSERT INTO victim VALUES (1)') $$;
CREATE FUNCTION public.looks_stable(t text) RETURNS text LANGUAGE sql STABLE AS $$ SELECT dblink_exec('dbname=nowhere', t) $$;
CREATE FUNCTION public.looks_immutable(t text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM dblink_exec('dbname=nowhere', t); RETURN t; END $$;
CREATE FUNCTION public.dynamic(t text) RETURNS text LANGUAGE plpgsql STABLE AS $$ DECLARE r text; BEGIN EXECUTE t INTO r; RETURN r; END $$;
CREATE FUNCTION public.standard_body(t text) RETURNS text LANGUAGE sql STABLE BEGIN ATOMIC SELECT dblink_exec('dbname=nowhere', t); END;
CREATE FUNCTION public.two_steps(t text) RETURNS text LANGUAGE sql STABLE AS $$ SELECT public.looks_stable(t) $$;
CREATE FUNCTION public.by_definer() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER AS $$ SELECT count(*) FROM app.users $$;
CREATE FUNCTION public.of_row(u app.users) RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT dblink_exec('dbname=nowhere', 'x') $$;
CREATE FUNCTION public.mixed(int) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT $1 $$;
CREATE FUNCTION public.mixed(text) RETURNS int LANGUAGE sql VOLATILE AS $$ SELECT 1 $$;
CREATE FUNCTION public.step(text, text) RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT dblink_exec('dbname=nowhere', $2) $$;
CREATE AGGREGATE public.gather(text) (SFUNC = public.step, STYPE = text);
CREATE FUNCTION public.compare(text, integer) RETURNS boolean LANGUAGE sql VOLATILE AS $$ SELECT true $$;
CREATE OPERATOR public.=== (LEFTARG = text, RIGHTARG = integer, FUNCTION = public.compare);
CREATE TYPE public.parcel AS (a int, b text);
CREATE FUNCTION public.unpack(public.parcel) RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT 'x' $$;
CREATE CAST (public.parcel AS text) WITH FUNCTION public.unpack AS IMPLICIT;
CREATE TABLE app.parcels (p public.parcel);
CREATE FUNCTION public.check_it(text) RETURNS boolean LANGUAGE sql VOLATILE AS $$ SELECT true $$;
CREATE DOMAIN public.checked AS text CHECK (public.check_it(VALUE));
CREATE TYPE public.holder AS (c public.checked);
CREATE VIEW app.hidden_call AS SELECT id, public.write_it() AS w FROM app.users;
CREATE VIEW app.hidden_deep AS SELECT * FROM app.hidden_call;
CREATE VIEW app.hidden_sleep AS SELECT id, pg_sleep(1)::text FROM app.users;
CREATE VIEW app.hidden_operator AS SELECT id FROM app.users WHERE email OPERATOR(public.===) 1;
CREATE VIEW app.hidden_authid AS SELECT rolname, rolpassword FROM pg_authid;
CREATE VIEW app.hidden_definer AS SELECT public.by_definer() AS n;
CREATE FUNCTION public.in_policy() RETURNS boolean LANGUAGE sql VOLATILE AS $$ SELECT dblink_exec('dbname=nowhere', 'x') IS NOT NULL $$;
CREATE TABLE app.guarded (id int);
ALTER TABLE app.guarded ENABLE ROW LEVEL SECURITY;
CREATE POLICY evil ON app.guarded USING (public.in_policy());
CREATE FUNCTION public.by_default(a text DEFAULT public.write_it()) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT a $$;
CREATE FUNCTION public.atomic_domain() RETURNS text LANGUAGE sql STABLE BEGIN ATOMIC SELECT 'x'::public.checked::text; END;
CREATE FUNCTION public.returns_domain() RETURNS public.checked LANGUAGE sql STABLE AS $$ SELECT 'x'::text $$;
CREATE FUNCTION public.out_domain(OUT a public.checked) LANGUAGE plpgsql STABLE AS $$ BEGIN a := 'x'; END $$;
CREATE FUNCTION public.declares_domain() RETURNS text LANGUAGE plpgsql STABLE AS $$ DECLARE x public.checked := 'x'; BEGIN RETURN x; END $$;
CREATE FUNCTION public.declares_row() RETURNS text LANGUAGE plpgsql STABLE AS $$ DECLARE x public.holder; BEGIN x.c := 'x'; RETURN 'x'; END $$;
CREATE TABLE app.of_domain (c public.checked);
CREATE FUNCTION public.declares_like() RETURNS text LANGUAGE plpgsql STABLE AS $$ DECLARE x app.of_domain.c%TYPE := 'x'; BEGIN RETURN x; END $$;
CREATE FUNCTION public.casts() RETURNS text LANGUAGE plpgsql STABLE AS $$ DECLARE p public.parcel; t text; BEGIN p := ROW(1, 'a'); t := p; RETURN t; END $$;
CREATE VIEW app.hidden_record AS SELECT c::text FROM json_to_record('{"c": "x"}') AS t(c public.checked);
CREATE VIEW app.hidden_xml AS SELECT b::text FROM xmltable('/a' PASSING xmlparse(document '<a><b>x</b></a>') COLUMNS b public.checked);
CREATE TABLE app.guarded_by_view (id int);
ALTER TABLE app.guarded_by_view ENABLE ROW LEVEL SECURITY;
CREATE POLICY evil ON app.guarded_by_view USING (EXISTS (SELECT FROM app.hidden_call));
CREATE FUNCTION public.check_far(text) RETURNS boolean LANGUAGE sql VOLATILE AS $$ SELECT dblink_exec('dbname=nowhere', 'x') IS NOT NULL $$;
CREATE DOMAIN public.checked_far AS text CHECK (public.check_far(VALUE));
CREATE TABLE app.guarded_by_domain (id int, t text);
ALTER TABLE app.guarded_by_domain ENABLE ROW LEVEL SECURITY;
CREATE POLICY evil ON app.guarded_by_domain USING (t::public.checked_far > '');
CREATE FUNCTION public.turns(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT t $$;
CREATE TABLE app.planned_index (id int);
CREATE INDEX ON app.planned_index (id) WHERE public.turns('x') IS NOT NULL;
CREATE TABLE app.planned_parent (id int);
CREATE TABLE app.planned_child (CHECK (public.turns('x') IS NOT NULL)) INHERITS (app.planned_parent);
CREATE TABLE app.planned_statistics (id int, t text);
CREATE STATISTICS app.planned ON (t || public.turns('x')), id FROM app.planned_statistics;
CREATE OR REPLACE FUNCTION public.turns(t text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM public.dblink_exec('dbname=nowhere', t); RETURN t; END $$;

CREATE SCHEMA far;
CREATE FUNCTION far.helper() RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT public.dblink_exec('dbname=nowhere', 'x') $$;
CREATE FUNCTION public.by_path() RETURNS text LANGUAGE sql STABLE SET search_path = far AS $$ SELECT helper() $$;
CREATE VIEW far.hidden_far AS SELECT far.helper() AS w;
CREATE FUNCTION public.by_path_view() RETURNS text LANGUAGE sql STABLE SET search_path = far AS $$ SELECT w FROM hidden_far $$;
CREATE FUNCTION public.by_subscript() RETURNS text LANGUAGE plpgsql STABLE AS $$ DECLARE a int[]; BEGIN a[length(public.write_it())] := 1; RETURN 'x'; END $$;
CREATE FUNCTION public.by_quotes() RETURNS text LANGUAGE sql STABLE SET standard_conforming_strings = off AS $$ SELECT '\\'' || public.write_it() || '--'
 $$;
CREATE DOMAIN app.twin AS text CHECK (VALUE > '');
CREATE DOMAIN far.twin AS text CHECK (public.check_far(VALUE));
CREATE DOMAIN public.checked_number AS int CHECK (public.check_far(VALUE::text));
CREATE TYPE public.checked_range AS RANGE (subtype = public.checked_number, subtype_opclass = int4_ops);
CREATE FUNCTION public.distance(float8, float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$ SELECT $1 - $2 $$;
CREATE TYPE public.measured AS RANGE (subtype = float8, subtype_diff = public.distance);
CREATE TABLE app.measures (m public.measured);
INSERT INTO app.measures SELECT public.measured(g, g + g % 7) FROM generate_series(1, 1000) g;
ANALYZE app.measures;
CREATE OR REPLACE FUNCTION public.distance(float8, float8) RETURNS float8 LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM public.dblink_exec('dbname=nowhere', 'x'); RETURN 1; END $$;
CREATE TABLE app.parcel_lists (ps public.parcel[]);
INSERT INTO app.parcel_lists VALUES (ARRAY[ROW(1, 'a')::public.parcel]);
CREATE TYPE public.crate AS (p public.parcel);
CREATE TABLE app.crates (c public.crate);
INSERT INTO app.crates VALUES (ROW(ROW(1, 'a')));
CREATE FUNCTION public.fine(int, int) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $1 < $2 $$;
CREATE FUNCTION public.foul(int, int) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM public.dblink_exec('dbname=nowhere', 'x'); RETURN true; END $$;
CREATE OPERATOR public.<<<< (LEFTARG = int, RIGHTARG = int, FUNCTION = public.fine, COMMUTATOR = OPERATOR(public.>>>>), NEGATOR = OPERATOR(public.>>>=), RESTRICT = scalarltsel);
CREATE OPERATOR public.>>>> (LEFTARG = int, RIGHTARG = int, FUNCTION = public.foul, COMMUTATOR = OPERATOR(public.<<<<), RESTRICT = scalargtsel);
CREATE OPERATOR public.>>>= (LEFTARG = int, RIGHTARG = int, FUNCTION = public.foul, NEGATOR = OPERATOR(public.<<<<), RESTRICT = scalargtsel);
CREATE VIEW app.hidden_json AS SELECT json_value('"x"'::jsonb, '$' RETURNING public.checked)::text AS v;
CREATE VIEW app.hidden_input AS SELECT pg_input_is_valid('x', 'public.checked_far') AS v;
CREATE TABLE app.of_far_domain (c public.checked_far);
CREATE FUNCTION public.either(anyelement, anyelement) RETURNS anyelement LANGUAGE sql IMMUTABLE AS $$ SELECT $1 $$;
CREATE VIEW app.hidden_json_query AS SELECT json_query('"x"'::jsonb, '$' RETURNING public.checked OMIT QUOTES)::text AS v;
CREATE OR REPLACE FUNCTION public.turns(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT t $$;
CREATE TABLE app.planned_key (id int, t text) PARTITION BY LIST ((t || public.turns('x')));
CREATE TABLE app.planned_branch PARTITION OF app.planned_key FOR VALUES IN ('ax') PARTITION BY LIST (id);
CREATE TABLE app.planned_leaf PARTITION OF app.planned_branch FOR VALUES IN (1);
CREATE OR REPLACE FUNCTION public.turns(t text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM public.dblink_exec('dbname=nowhere', t); RETURN t; END $$;
CREATE FUNCTION public.outs(OUT id text, OUT other int) LANGUAGE sql IMMUTABLE AS $$ SELECT 'x', 1 $$;
CREATE DOMAIN public.user_row AS app.users;
CREATE FUNCTION public.of_user_row(public.user_row) RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT public.dblink_exec('dbname=nowhere', 'x') $$;
CREATE FUNCTION public.of_text(text) RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT public.dblink_exec('dbname=nowhere', 'x') $$;
CREATE FUNCTION public.tame(app.orders) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'x'::text $$;
CREATE CAST (app.orders AS text) WITH FUNCTION public.tame AS IMPLICIT;
CREATE FUNCTION public.slipped_in(t text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN public.dblink_exec('dbname=nowhere', t); END $$;
ALTER FUNCTION public.slipped_in OWNER TO pg_monitor;
ALTER EXTENSION hstore ADD FUNCTION public.slipped_in(text);
CREATE VIEW app.slipped_view AS SELECT public.write_it() AS w;
ALTER VIEW app.slipped_view OWNER TO pg_monitor;
ALTER EXTENSION hstore ADD VIEW app.slipped_view;
CREATE FUNCTION public.by_comment() RETURNS text LANGUAGE plpgsql STABLE AS $$ DECLARE x int := 1; BEGIN x -- = 1 /*
 := length(public.write_it()) --*/
 ; RETURN 'x'; END $$;
-- They call each other, and one of them writes.
CREATE FUNCTION public.ping(int) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT $1 $$;
CREATE FUNCTION public.pong() RETURNS text LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN public.ping('x'::text); END $$;
CREATE FUNCTION public.ping(text) RETURNS text LANGUAGE plpgsql STABLE AS $$ BEGIN IF $1 IS NULL THEN RETURN public.pong(); END IF; RETURN public.write_it(); END $$;
CREATE FUNCTION public.both() RETURNS text LANGUAGE sql STABLE AS $$ SELECT public.pong() || public.ping(1) $$;

-- Overloads that a literal, an array or a computed column chooses.
CREATE FUNCTION public.listed(bigint[]) RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT public.write_it() $$;
CREATE TABLE app.lists (numbers int[]);
CREATE FUNCTION public.pair(int, int) RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT public.write_it() $$;
CREATE FUNCTION public.pair(bigint, text) RETURNS text LANGUAGE sql STABLE AS $$ SELECT $2 $$;
CREATE FUNCTION public.triple(int, int, int) RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT public.write_it() $$;
CREATE FUNCTION public.triple(int, text, date) RETURNS text LANGUAGE sql STABLE AS $$ SELECT $2 $$;
CREATE FUNCTION public.bits(bit) RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT public.write_it() $$;
CREATE FUNCTION public.bits(text) RETURNS text LANGUAGE sql STABLE AS $$ SELECT $1 $$;
CREATE FUNCTION public.widened(int) RETURNS text LANGUAGE sql STABLE AS $$ SELECT 'x'::text $$;
CREATE FUNCTION public.widened(bigint) RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT public.write_it() $$;

-- Operator classes: what sorts, compares and routes to partitions.
CREATE TYPE public.duo AS (a int, b int);
CREATE FUNCTION public.duo_before(public.duo, public.duo) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $1.a < $2.a $$;
CREATE FUNCTION public.duo_same(public.duo, public.duo) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $1.a = $2.a $$;
CREATE FUNCTION public.duo_order(public.duo, public.duo) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM public.write_it(); RETURN $1.a - $2.a; END $$;
CREATE OPERATOR public.<# (LEFTARG = public.duo, RIGHTARG = public.duo, FUNCTION = public.duo_before);
CREATE OPERATOR public.=# (LEFTARG = public.duo, RIGHTARG = public.duo, FUNCTION = public.duo_same);
CREATE OPERATOR CLASS public.duos DEFAULT FOR TYPE public.duo USING btree AS OPERATOR 1 public.<#, OPERATOR 3 public.=#, FUNCTION 1 public.duo_order(public.duo, public.duo);
CREATE TABLE app.duos (d public.duo);
INSERT INTO app.duos VALUES (ROW(1, 2)), (ROW(3, 4));
CREATE FUNCTION public.number_order(int, int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN $1 - $2; END $$;
CREATE OPERATOR CLASS public.numbers FOR TYPE int USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 public.number_order(int, int);
CREATE TABLE app.numbered (id int);
INSERT INTO app.numbered SELECT generate_series(1, 2000);
CREATE INDEX ON app.numbered (id public.numbers);
CREATE TABLE app.routed (id int) PARTITION BY RANGE (id public.numbers);
CREATE TABLE app.routed_1 PARTITION OF app.routed FOR VALUES FROM (0) TO (10);
CREATE TABLE app.routed_2 PARTITION OF app.routed FOR VALUES FROM (10) TO (20);
CREATE TYPE public.odd_range AS RANGE (subtype = int, subtype_opclass = public.numbers);
CREATE OR REPLACE FUNCTION public.number_order(int, int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM public.write_it(); RETURN $1 - $2; END $$;
CREATE FUNCTION public.number_hash(int, bigint) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM public.write_it(); RETURN 1; END $$;
CREATE OPERATOR CLASS public.hashed_numbers FOR TYPE int USING hash AS OPERATOR 1 =, FUNCTION 2 public.number_hash(int, bigint);
CREATE TABLE app.hashed (id int) PARTITION BY HASH (id public.hashed_numbers);
CREATE VIEW app.hidden_order AS SELECT ARRAY[ROW(1, id)::public.duo] < ARRAY[ROW(2, id)::public.duo] AS o FROM app.users;
CREATE VIEW app.hidden_distinct AS SELECT DISTINCT ROW(1, id)::public.duo AS d FROM app.users;

-- What is behind a function or a name that its own search path finds.
CREATE TYPE public.far_holder AS (c public.checked_far);
SET check_function_bodies = off;
CREATE FUNCTION public.not_validated() RETURNS public.far_holder LANGUAGE sql STABLE AS $$ SELECT '(x)'::public.far_holder $$;
SET check_function_bodies = on;
CREATE FUNCTION public.pg_terminate_backend(text) RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT true $$;
CREATE FUNCTION public.by_own_path() RETURNS boolean LANGUAGE sql STABLE SET search_path = far AS $$ SELECT pg_terminate_backend('1') $$;

-- Fields of records have the types of columns; a cast to JSON is no part of a tree.
CREATE FUNCTION public.by_field() RETURNS text LANGUAGE plpgsql STABLE AS $$ DECLARE r record; BEGIN SELECT * FROM app.of_far_domain INTO r; r.c := 'x'; RETURN r.c; END $$;
CREATE TYPE public.mood AS ENUM ('calm', 'angry');
CREATE FUNCTION public.mood_json(public.mood) RETURNS json LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM public.write_it(); RETURN '1'; END $$;
CREATE CAST (public.mood AS json) WITH FUNCTION public.mood_json;
CREATE TABLE app.moods (id int, m public.mood);
INSERT INTO app.moods VALUES (1, 'calm');
CREATE VIEW app.hidden_cast AS SELECT to_json(m) AS j FROM app.moods;
CREATE FUNCTION public.by_json() RETURNS json LANGUAGE sql STABLE AS $$ SELECT to_json(t) FROM app.moods t $$;

-- A name in FROM, or an argument, that stands for a single value and not for a row.
CREATE FUNCTION public.tick(int) RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT public.write_it() $$;
CREATE FUNCTION public.by_argument(a int) RETURNS text LANGUAGE sql STABLE AS $$ SELECT a.tick $$;

-- Before PostgreSQL 17, this is a function like any other.
CREATE FUNCTION public.json_scalar(text) RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT public.write_it() $$;

-- Columns that neither a table nor the query names.
CREATE TABLE app.series (generate_series int, ordinality int);
CREATE FUNCTION far.generate_series(OUT id text, OUT other int) RETURNS SETOF record LANGUAGE sql IMMUTABLE AS $$ SELECT 'x', 1 $$;

-- Honest namesakes that come first, and that the server passes over all the same.
CREATE FUNCTION public.counted(information_schema.cardinal_number) RETURNS text LANGUAGE sql STABLE AS $$ SELECT 'x'::text $$;
CREATE FUNCTION app.counted(int) RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT public.write_it() $$;
CREATE FUNCTION public.by_name(a int, OUT b int) LANGUAGE sql STABLE AS $$ SELECT 1 $$;
CREATE FUNCTION app.by_name(b int) RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT public.write_it() $$;
CREATE FUNCTION public.by_names(b int, c int) RETURNS text LANGUAGE sql STABLE AS $$ SELECT 'x'::text $$;
CREATE FUNCTION app.by_names(a int, b int) RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT public.write_it() $$;
CREATE FUNCTION public.like_name(varchar, varchar) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM public.write_it(); RETURN true; END $$;
CREATE OPERATOR public.^@ (LEFTARG = varchar, RIGHTARG = varchar, FUNCTION = public.like_name);

-- Types that no name, column or tree shows.
CREATE FUNCTION public.check_late(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT true $$;
CREATE DOMAIN public.checked_late AS text CHECK (public.check_late(VALUE));
CREATE AGGREGATE public.begins(*) (SFUNC = array_reverse, STYPE = public.checked_late[], INITCOND = '{x}', FINALFUNC = cardinality);
CREATE OR REPLACE FUNCTION public.check_late(text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM public.write_it(); RETURN true; END $$;
CREATE SCHEMA "dotted.schema";
CREATE TYPE "dotted.schema".carton AS (a int);
CREATE FUNCTION public.unbox("dotted.schema".carton) RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT public.write_it() $$;
CREATE CAST ("dotted.schema".carton AS text) WITH FUNCTION public.unbox AS IMPLICIT;
CREATE TYPE public.bundle AS (a int, b int);
CREATE FUNCTION public.unbundle(public.bundle) RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT public.write_it() $$;
CREATE CAST (public.bundle AS text) WITH FUNCTION public.unbundle AS IMPLICIT;
CREATE FUNCTION public.tied(int, int) RETURNS public.bundle LANGUAGE sql IMMUTABLE AS $$ SELECT $1, $2 $$;
CREATE OPERATOR public.<#> (LEFTARG = int, RIGHTARG = int, FUNCTION = public.tied);
CREATE FUNCTION public.described(public.bundle) RETURNS text LANGUAGE sql STABLE AS $$ SELECT $1::text $$;
CREATE VIEW app.hidden_handled AS SELECT public.described(public.tied(1, 2)) AS d;
CREATE DOMAIN public.duo_domain AS public.duo;
CREATE TABLE app.duo_domains (d public.duo_domain);

-- Operators that the planner puts in the place of others of their family, and a negator that only CYCLE comes to.
CREATE FUNCTION public.at_least(int, int) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $1 >= $2 $$;
CREATE OPERATOR public.>=# (LEFTARG = int, RIGHTARG = int, FUNCTION = public.at_least);
CREATE OPERATOR public.<@# (LEFTARG = int, RIGHTARG = int, FUNCTION = public.foul);
CREATE OPERATOR CLASS public.implied FOR TYPE int USING btree AS OPERATOR 1 public.<@#, OPERATOR 3 =, OPERATOR 4 public.>=#, FUNCTION 1 btint4cmp(int, int);
CREATE TABLE app.implied (id int);
CREATE TABLE app.implied_child (CHECK (id OPERATOR(public.>=#) 100)) INHERITS (app.implied);
CREATE TABLE app.implied_index (id int);
CREATE INDEX ON app.implied_index (id public.implied);
CREATE TYPE public.mark AS (a int);
CREATE FUNCTION public.mark_before(public.mark, public.mark) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $1.a < $2.a $$;
CREATE FUNCTION public.mark_same(public.mark, public.mark) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $1.a = $2.a $$;
CREATE FUNCTION public.mark_other(public.mark, public.mark) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM public.write_it(); RETURN true; END $$;
CREATE FUNCTION public.mark_order(public.mark, public.mark) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT sign($1.a - $2.a)::int $$;
CREATE OPERATOR public.<<# (LEFTARG = public.mark, RIGHTARG = public.mark, FUNCTION = public.mark_before);
CREATE OPERATOR public.==# (LEFTARG = public.mark, RIGHTARG = public.mark, FUNCTION = public.mark_same, NEGATOR = OPERATOR(public.!=#));
CREATE OPERATOR public.!=# (LEFTARG = public.mark, RIGHTARG = public.mark, FUNCTION = public.mark_other, NEGATOR = OPERATOR(public.==#));
CREATE OPERATOR CLASS public.marks DEFAULT FOR TYPE public.mark USING btree AS OPERATOR 1 public.<<#, OPERATOR 3 public.==#, FUNCTION 1 public.mark_order(public.mark, public.mark);

-- What the grammar lets a name, a literal or a position mean besides.
CREATE DOMAIN public.whole_user AS app.users CHECK (public.check_far((VALUE).email));
CREATE FUNCTION public.of_rows(VARIADIC app.users[]) RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT public.write_it() $$;
CREATE TABLE app.a (id int);
CREATE FUNCTION public.by_hidden_argument(a int) RETURNS text LANGUAGE sql STABLE AS $$ SELECT a.tick FROM app.a $$;
CREATE TABLE app.int4 (id int, users int, "?column?" int, text int, "coalesce" int);
CREATE VIEW app.system_names AS SELECT 1 AS xmin;
CREATE FUNCTION public.of_xid(xid) RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT public.write_it() $$;
CREATE FUNCTION public.text_order(text, text) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM public.write_it(); RETURN 1; END $$;
CREATE FUNCTION public.text_before(text, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $1 < $2 $$;
CREATE OPERATOR public.<~# (LEFTARG = text, RIGHTARG = text, FUNCTION = public.text_before);
CREATE OPERATOR CLASS public.texts FOR TYPE text USING btree AS OPERATOR 1 public.<~#, FUNCTION 1 public.text_order(text, text);
CREATE DOMAIN public.checked_by_a_name_that_is_as_long_as_postgresql_lets_any_name_b AS text CHECK (public.check_far(VALUE));
CREATE FUNCTION public.declares_long() RETURNS text LANGUAGE plpgsql STABLE AS $$ DECLARE x public.checked_by_a_name_that_is_as_long_as_postgresql_lets_any_name_b_cut := 'x'; BEGIN RETURN x; END $$;
CREATE DOMAIN public."É_checked" AS text CHECK (public.check_far(VALUE));
CREATE FUNCTION public.declares_capital() RETURNS text LANGUAGE plpgsql STABLE AS $$ DECLARE x public.É_CHECKED := 'x'; BEGIN RETURN x; END $$;
CREATE FUNCTION public.declares_escapes() RETURNS text LANGUAGE plpgsql STABLE AS $$ DECLARE x public.U&"\\0063hecked_far" := 'x'; BEGIN RETURN x; END $$;
CREATE FUNCTION public.declares_record() RETURNS text LANGUAGE plpgsql STABLE AS $$ DECLARE r record := ROW(public.write_it()); BEGIN RETURN 'x'; END $$;
CREATE FUNCTION app.by_record() RETURNS text LANGUAGE plpgsql STABLE AS $$ DECLARE u app.users%ROWTYPE; r record;
 n int := 1; BEGIN FOR r IN SELECT id AS x FROM app.users WHERE id = 1 LOOP n := r.x; END LOOP; SELECT * INTO u FROM app.users WHERE id = 1; RETURN u.name; END $$;
CREATE SCHEMA "É(x";
CREATE FUNCTION "É(x".helper_of_path() RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT public.write_it() $$;
SELECT set_config('search_path', 'É(x', false);
CREATE FUNCTION public.by_odd_path() RETURNS text LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$ BEGIN RETURN helper_of_path(); END $$;
CREATE FUNCTION far.length(text) RETURNS int LANGUAGE sql VOLATILE AS $$ SELECT pg_catalog.length(public.write_it()) $$;
SELECT set_config('search_path', 'far, PG_CATALOG', false);
CREATE FUNCTION public.by_capital_path() RETURNS int LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$ BEGIN RETURN length('x'); END $$;
RESET search_path;
CREATE FUNCTION public.json_object(int) RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT public.write_it() $$;
CREATE FUNCTION public.json_object() RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT public.write_it() $$;
CREATE FUNCTION public.sampled(internal) RETURNS tsm_handler LANGUAGE internal VOLATILE AS 'pg_reload_conf';

-- What the text of an extension's function finds, because it takes a type exactly; the second pretends to be of the extension.
CREATE FUNCTION public.word_of(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT $1 $$;
CREATE FUNCTION public.first_word(varchar) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT word_of($1) $$;
CREATE FUNCTION public.last_word(name) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN word_of($1); END $$;
ALTER EXTENSION hstore ADD FUNCTION public.word_of(text); ALTER EXTENSION hstore ADD FUNCTION public.first_word(varchar); ALTER EXTENSION hstore ADD FUNCTION public.last_word(name);
CREATE FUNCTION public.word_of(varchar) RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT public.write_it() $$;
CREATE FUNCTION public.word_of(name) RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT public.write_it() $$;
ALTER FUNCTION public.word_of(name) OWNER TO pg_monitor; ALTER EXTENSION hstore ADD FUNCTION public.word_of(name);
CREATE FUNCTION public.is_word(varchar, varchar) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN $1 <~~> $2; END $$;
CREATE OPERATOR public.<~~> (LEFTARG = text, RIGHTARG = text, FUNCTION = texteq);
ALTER EXTENSION hstore ADD FUNCTION public.is_word(varchar, varchar); ALTER EXTENSION hstore ADD OPERATOR public.<~~> (text, text);
CREATE OPERATOR public.<~~> (LEFTARG = varchar, RIGHTARG = varchar, FUNCTION = public.like_name);

-- No time limit ends it.
CREATE FUNCTION public.stubborn() RETURNS int LANGUAGE plpgsql STABLE AS $$ BEGIN LOOP BEGIN PERFORM count(*) FROM generate_series(1, 1000000); EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP; END $$;
CREATE FUNCTION public.stubborn_class() RETURNS int LANGUAGE plpgsql STABLE AS $$ BEGIN LOOP BEGIN PERFORM count(*) FROM generate_series(1, 1000000); EXCEPTION WHEN SQLSTATE '57000' THEN NULL; END; END LOOP; END $$;

-- Names that shadow the catalogue's, if the search path or the overloads let them.
CREATE FUNCTION public.lower(text) RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT 'stolen' $$;
CREATE FUNCTION public.upper(varchar) RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT 'stolen' $$;
CREATE FUNCTION public.now() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$ SELECT 'epoch'::timestamptz $$;
CREATE TABLE public.pg_class (relname text);

-- Honest objects.
CREATE FUNCTION app.full_name(u app.users) RETURNS text LANGUAGE sql STABLE AS $$ SELECT u.name || ' <' || u.email || '>' $$;
CREATE FUNCTION app.tax(total numeric) RETURNS numeric LANGUAGE plpgsql IMMUTABLE AS $$ DECLARE rate numeric := 0.2; BEGIN IF total > 100 THEN rate := 0.25; END IF; RETURN round(total * rate, 2); END $$;
CREATE FUNCTION app.adults() RETURNS SETOF app.users LANGUAGE sql STABLE AS $$ SELECT * FROM app.users WHERE age >= 18 $$;
CREATE FUNCTION app.is_member() RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$ BEGIN RETURN EXISTS (SELECT 1 FROM app.users); END $$;
CREATE AGGREGATE app.total(numeric) (SFUNC = numeric_add, STYPE = numeric, INITCOND = '0');
CREATE DOMAIN app.positive AS int CHECK (VALUE > 0);
CREATE TABLE app.invoices (id int, total numeric CHECK (app.tax(total) >= 0));
CREATE INDEX ON app.invoices (app.tax(total)) WHERE app.tax(100) > 1;
CREATE VIEW app.spending AS SELECT u.id, u.name, sum(o.total) AS spent, app.tax(sum(o.total)) AS tax FROM app.users u JOIN app.orders o ON o.user_id = u.id GROUP BY u.id;
CREATE MATERIALIZED VIEW app.monthly AS SELECT date_trunc('month', placed) AS month, sum(total) FROM app.orders GROUP BY 1;
CREATE TYPE app.hours AS RANGE (subtype = time);
CREATE TABLE app.shifts (h app.hours);
INSERT INTO app.shifts VALUES (app.hours('08:00', '16:00'));
CREATE FUNCTION app.member_name(i int) RETURNS text LANGUAGE sql STABLE SET search_path = app, pg_temp AS $$ SELECT full_name(u) FROM users u WHERE id = i $$;
CREATE FUNCTION app.tried(t text) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN t::int; EXCEPTION WHEN invalid_text_representation OR OTHERS THEN RETURN 0; END $$;
CREATE FUNCTION app.squares() RETURNS int[] LANGUAGE plpgsql IMMUTABLE AS $$ DECLARE a int[]; BEGIN FOR i IN 1..3 LOOP a[i] := i * i; END LOOP; RETURN a; END $$;
CREATE TYPE app.version AS (major int, minor int);
CREATE FUNCTION app.version_before(app.version, app.version) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT ($1.major, $1.minor) < ($2.major, $2.minor) $$;
CREATE FUNCTION app.version_order(app.version, app.version) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT sign($1.major - $2.major)::int $$;
CREATE OPERATOR app.<# (LEFTARG = app.version, RIGHTARG = app.version, FUNCTION = app.version_before);
CREATE OPERATOR app.=# (LEFTARG = app.version, RIGHTARG = app.version, FUNCTION = app.version_before);
CREATE OPERATOR app.># (LEFTARG = app.version, RIGHTARG = app.version, FUNCTION = app.version_before);
CREATE OPERATOR CLASS app.versions DEFAULT FOR TYPE app.version USING btree AS OPERATOR 1 app.<#, OPERATOR 3 app.=#, OPERATOR 5 app.>#, FUNCTION 1 app.version_order(app.version, app.version);
CREATE TABLE app.releases (id int, v app.version);
INSERT INTO app.releases VALUES (1, ROW(1, 0)), (2, ROW(2, 0));
CREATE INDEX ON app.releases (v);
CREATE TABLE app.notes (id int, body text, random int, pg_sleep int);
INSERT INTO app.notes VALUES (1, 'insert into x; drop table y', 2, 3);
ALTER TABLE app.notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY members ON app.notes USING (app.is_member());
`;

/** Without the statements that the server's version does not support yet, each of which is on its own line. */
export const hostile = () => HOSTILE.split("\n").filter(isKnown).join("\n");

/** An operator for types without a built-in one: expressions that are otherwise errors now use it. */
export const OWN_EQUALS = `CREATE OPERATOR public.= (LEFTARG = text, RIGHTARG = integer, FUNCTION = public.compare);
  CREATE FUNCTION public.compare(integer, text) RETURNS boolean LANGUAGE sql VOLATILE AS $$ SELECT true $$;
  CREATE OPERATOR public.= (LEFTARG = integer, RIGHTARG = text, FUNCTION = public.compare)`;

/** Sort orders for built-in types: as their default, or added to a built-in family. */
export const OWN_ORDERS = [
  `CREATE FUNCTION public.xid_before(xid, xid) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $1::text < $2::text $$;
   CREATE FUNCTION public.xid_order(xid, xid) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN EXECUTE 'SELECT'; RETURN 1; END $$;
   CREATE OPERATOR public.< (LEFTARG = xid, RIGHTARG = xid, FUNCTION = public.xid_before);
   CREATE OPERATOR CLASS public.xids DEFAULT FOR TYPE xid USING btree AS OPERATOR 1 public.<, OPERATOR 3 =, FUNCTION 1 public.xid_order(xid, xid);`,
  `CREATE TYPE public.step AS (a int);
   CREATE FUNCTION public.within(int, int, public.step, boolean, boolean) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN EXECUTE 'SELECT'; RETURN true; END $$;
   ALTER OPERATOR FAMILY integer_ops USING btree ADD FUNCTION 3 (int, public.step) public.within(int, int, public.step, boolean, boolean);`,
] as const;

/** The reader's search path. */
export const PATH = "app, public";
