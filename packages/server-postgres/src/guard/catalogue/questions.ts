import { writtenColumns } from "./stamp.ts";

/**
 * An extension's owner can add objects to it. Those of its script belong to a superuser, or are in C, which only a
 * superuser can add.
 */
const origin = (alias: string, catalogue: string, given: string) => `CASE
  WHEN ${alias}.oid < 16384 THEN 'built-in'
  WHEN (${given}) AND EXISTS (SELECT FROM pg_catalog.pg_depend x WHERE x.classid = '${catalogue}'::pg_catalog.regclass
    AND x.objid = ${alias}.oid AND x.deptype = 'e') THEN 'extension'
  ELSE 'user' END`;

const isSuperusers = (owner: string) =>
  `EXISTS (SELECT FROM pg_catalog.pg_roles z WHERE z.oid = ${owner} AND z.rolsuper)`;

const place = "pg_catalog.array_position(pg_catalog.current_schemas(true), n.nspname)";

/**
 * The numbers after these words in the server's printed form of a tree, with repetitions. Blanks in its strings are
 * escaped.
 */
const inTree = (tree: string, words: string) => `ARRAY(SELECT i FROM (
  SELECT pg_catalog.unnest(pg_catalog.string_to_array(pg_catalog.btrim(m[1]), ' ')) AS i
  FROM pg_catalog.regexp_matches(${tree}, ':(?:${words}) (?:\\(o )?([0-9 ]+)', 'g') m) f WHERE i NOT IN ('0', ''))`;
const FUNCTIONS_IN = "funcid|opfuncid|aggfnoid|winfnoid|startInRangeFunc|endInRangeFunc";
/** Counts each table once: the permission list of PostgreSQL 16 and later repeats them. */
const TABLES_IN = "rtekind 0 :relid";
const OPERATORS_IN = "opno|opnos|eqop|sortop";

/**
 * Types that values in a tree are converted to, and types other than domains that they have, which matter only for
 * sorting and comparing.
 */
const typesIn = (tree: string) => `${inTree(tree, "resulttype|funcresulttype|coltypes|funccoltypes|typid")}
  || ARRAY(SELECT i FROM pg_catalog.unnest(${inTree(tree, "vartype|consttype|row_typeid|element_typeid|minmaxtype")}) i
    JOIN pg_catalog.pg_type t ON t.oid = i::oid WHERE t.oid >= 16384 AND t.typtype <> 'd')`;

/** A table with its descendants and ancestors by inheritance or partitioning. */
const kin = (table: string) => `(WITH RECURSIVE below(id) AS (SELECT ${table} UNION
    SELECT i.inhrelid FROM below b JOIN pg_catalog.pg_inherits i ON i.inhparent = b.id),
    above(id) AS (SELECT ${table} UNION SELECT i.inhparent FROM above b JOIN pg_catalog.pg_inherits i ON i.inhrelid = b.id)
  SELECT id FROM below UNION SELECT id FROM above)`;

/** Trees whose constant parts the planner computes in any query: of indexes, checks, statistics and partition keys. */
const planned = (
  table: string,
) => `(SELECT COALESCE(pg_catalog.string_agg(DISTINCT v.tree, ' '), '') FROM ${kin(table)} b, LATERAL (
    SELECT pg_catalog.concat_ws(' ', i.indexprs::text, i.indpred::text) FROM pg_catalog.pg_index i WHERE i.indrelid = b.id
    UNION ALL SELECT k.conbin::text FROM pg_catalog.pg_constraint k WHERE k.conrelid = b.id
    UNION ALL SELECT pg_catalog.to_jsonb(e) ->> 'stxexprs' FROM pg_catalog.pg_statistic_ext e WHERE e.stxrelid = b.id
    UNION ALL SELECT g.partexprs::text FROM pg_catalog.pg_partitioned_table g WHERE g.partrelid = b.id) v(tree))`;

/** Excludes functions in C, which only a superuser can add: extensions have hundreds of them for comparing and sorting. */
const written = "pg_catalog.pg_proc w WHERE w.prolang NOT IN (12, 13) AND w.oid";

/** Operators of a family with user-written functions: the planner may replace one by another. */
const members = (
  family: string,
) => `SELECT o.oid FROM pg_catalog.pg_amop a JOIN pg_catalog.pg_operator o ON o.oid = a.amopopr
  WHERE a.amopfamily = ${family} AND o.oid >= 16384 AND EXISTS (SELECT FROM ${written} = o.oprcode)`;

/** Families of the operator classes in a table's indexes and partition key. */
const families = (table: string) => `(SELECT c.opcfamily AS id FROM ${kin(table)} b, LATERAL (
    SELECT pg_catalog.unnest(i.indclass) FROM pg_catalog.pg_index i WHERE i.indrelid = b.id
    UNION ALL SELECT pg_catalog.unnest(g.partclass) FROM pg_catalog.pg_partitioned_table g WHERE g.partrelid = b.id) v(class)
  JOIN pg_catalog.pg_opclass c ON c.oid = v.class WHERE c.oid >= 16384)`;

/** The functions with which these families compare, sort and hash. */
const sorting = (table: string) => `ARRAY(SELECT w.oid::text FROM ${written} IN (
  SELECT p.amproc FROM ${families(table)} f JOIN pg_catalog.pg_amproc p ON p.amprocfamily = f.id))`;

/** Families that sort and compare the values of a type by default, and those for the bounds of a range. */
const familiesOfType = (type: string) => `(SELECT k.opcfamily AS id FROM pg_catalog.pg_opclass k WHERE k.oid >= 16384
  AND ((k.opcdefault AND k.opcintype = ${type}) OR k.oid IN (SELECT g.rngsubopc FROM pg_catalog.pg_range g WHERE g.rngtypid = ${type})))`;
const DEFAULTS =
  "SELECT k.opcfamily FROM pg_catalog.pg_opclass k WHERE k.oid >= 16384 AND k.opcdefault AND k.opcintype < 16384";

/** `int4` for a built-in type, the base type for a built-in domain, and `app.mood` for any other. */
const typeName = (type: string) => `CASE WHEN ${type}.oid >= 16384
  THEN (SELECT z.nspname FROM pg_catalog.pg_namespace z WHERE z.oid = ${type}.typnamespace) || '.' || ${type}.typname
  WHEN ${type}.typtype = 'd' THEN (SELECT y.typname::text FROM pg_catalog.pg_type y WHERE y.oid = ${type}.typbasetype)
  ELSE ${type}.typname::text END`;

const argument = (
  id: string,
) => `(SELECT pg_catalog.json_build_object('name', CASE WHEN t.oid < 16384 THEN t.typname ELSE ${typeName("t")} END, 'type', t.oid::text, 'kind', CASE t.typcategory WHEN 'C' THEN 'c' ELSE t.typtype END, 'from',
  ARRAY(SELECT ${typeName("s")} FROM pg_catalog.pg_cast c JOIN pg_catalog.pg_type s ON s.oid = c.castsource
        WHERE c.casttarget = t.oid AND c.castcontext = 'i' AND s.typtype <> 'd')) FROM pg_catalog.pg_type t WHERE t.oid = ${id})`;

/** Reading a longer text takes more memory and time than a query is allowed. */
const IS_READABLE = "pg_catalog.length(p.prosrc) <= 200000";

const procedureOrigin = (alias: string) =>
  origin(
    alias,
    "pg_catalog.pg_proc",
    `${isSuperusers(`${alias}.proowner`)} OR (SELECT g.lanname FROM pg_catalog.pg_language g WHERE g.oid = ${alias}.prolang) = 'c'`,
  );

/**
 * The text of an extension's function resolves names when it runs, and PostgreSQL may prefer objects that users made
 * for its types. Collects the texts of such a function and of all extension functions whose names occur in it, with
 * everything else of those names.
 */
const inside = `WITH RECURSIVE inside(oid, name, source, is_given) AS (SELECT p.oid, p.proname, p.prosrc, true WHERE p.prolang NOT IN (12, 13)
    UNION SELECT f.oid, f.proname, f.prosrc, ${procedureOrigin("f")} <> 'user' FROM inside i,
      LATERAL pg_catalog.regexp_split_to_table(pg_catalog.lower(i.source), '[^a-z0-9_]+') w(word)
      JOIN pg_catalog.pg_proc f ON f.proname = w.word::name WHERE i.is_given AND f.oid >= 16384 AND f.prolang NOT IN (12, 13))`;

/** Users' functions whose name occurs in these texts, and with which the extension may have meant another function. */
const namesakes = `ARRAY(${inside} SELECT i.oid::text FROM inside i WHERE NOT i.is_given
  AND EXISTS (SELECT FROM pg_catalog.pg_proc b WHERE b.proname = i.name AND ${procedureOrigin("b")} <> 'user'))`;

/** Users' operators for types that an extension may know, whose symbols occur in these texts. Usually there are none. */
const operatorNamesakes = `ARRAY(${inside} SELECT o.oid::text FROM pg_catalog.pg_operator o WHERE o.oid = ANY ((
    SELECT pg_catalog.array_agg(m.oid) FROM pg_catalog.pg_operator m WHERE m.oid >= 16384
      AND EXISTS (SELECT FROM ${written} = m.oprcode AND ${procedureOrigin("w")} = 'user')
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_type t WHERE t.oid IN (m.oprleft, m.oprright) AND t.oid >= 16384 AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend x WHERE x.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND x.objid = t.oid AND x.deptype = 'e')))::oid[])
  AND EXISTS (SELECT FROM inside i WHERE i.is_given AND pg_catalog.strpos(i.source, o.oprname::text) > 0))`;

export const PROCEDURES = `SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
  'oid', p.oid::text, 'schema', n.nspname, 'name', p.proname, 'kind', p.prokind, 'volatility', p.provolatile,
  'isDefiner', p.prosecdef, 'language', l.lanname, 'origin', p.origin, 'place', ${place},
  'args', COALESCE((SELECT pg_catalog.json_agg(${argument("a.id")} ORDER BY a.at)
    FROM pg_catalog.unnest(p.proargtypes) WITH ORDINALITY a(id, at)), '[]'),
  'argNames', COALESCE(p.proargnames, '{}'), 'defaults', p.pronargdefaults, 'isVariadic', p.provariadic <> 0,
  'handles', CASE WHEN p.origin = 'built-in' THEN '{}' ELSE ARRAY(SELECT DISTINCT ${typeName("t")} FROM (
      SELECT pg_catalog.unnest(p.proargtypes::oid[] || p.prorettype || p.proallargtypes) UNION ALL
      SELECT a.atttypid FROM pg_catalog.pg_type r JOIN pg_catalog.pg_attribute a ON a.attrelid = r.typrelid
      WHERE r.oid = p.prorettype AND a.attnum > 0 AND NOT a.attisdropped) v(id) JOIN pg_catalog.pg_type t ON t.oid = v.id) END,
  'source', CASE WHEN p.origin = 'user' AND ${IS_READABLE} AND l.lanname IN ('sql', 'internal') THEN p.prosrc END,
  'definition', CASE WHEN p.origin = 'user' AND ${IS_READABLE} AND l.lanname = 'plpgsql' AND p.prokind = 'f' THEN pg_catalog.pg_get_functiondef(p.oid) END,
  'reaches', CASE WHEN p.origin = 'extension' THEN ${namesakes} WHEN p.prokind = 'a' THEN ARRAY(SELECT f::text FROM pg_catalog.pg_aggregate g, LATERAL (VALUES (g.aggtransfn::oid),
      (g.aggfinalfn), (g.aggcombinefn), (g.aggserialfn), (g.aggdeserialfn), (g.aggmtransfn), (g.aggminvtransfn), (g.aggmfinalfn)) v(f)
      WHERE g.aggfnoid = p.oid AND f <> 0) ELSE ${inTree("p.tree", FUNCTIONS_IN)} END,
  'operators', CASE WHEN p.origin = 'extension' THEN ${operatorNamesakes} ELSE ${inTree("p.tree", OPERATORS_IN)}
    || ARRAY(SELECT g.aggsortop::text FROM pg_catalog.pg_aggregate g WHERE g.aggfnoid = p.oid) END, 'relations', ${inTree("p.tree", TABLES_IN)},
  'types', CASE WHEN p.origin = 'user' THEN ${typesIn("p.tree")} || ARRAY(SELECT v::text FROM pg_catalog.pg_aggregate g,
      LATERAL (VALUES (g.aggtranstype), (g.aggmtranstype)) s(v) WHERE g.aggfnoid = p.oid) || (p.proargtypes::oid[] || p.prorettype || p.proallargtypes)::text[]
    ELSE '{}' END, 'path', COALESCE((SELECT pg_catalog.substr(s, 13) FROM pg_catalog.unnest(p.proconfig) s WHERE s LIKE 'search_path=%'),
    CASE WHEN p.prosecdef THEN pg_catalog.replace(pg_catalog.current_setting('search_path'), '"$user"',
      pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(p.proowner))) END),
  'isQuotedOtherwise', EXISTS (SELECT FROM pg_catalog.unnest(p.proconfig) s WHERE s ~ '^(standard_conforming_strings|backslash_quote|client_encoding)=')))
FROM (SELECT q.*, ${procedureOrigin("q")} AS origin,
        CASE WHEN q.oid >= 16384 THEN pg_catalog.concat_ws(' ', pg_catalog.to_jsonb(q) ->> 'prosqlbody', q.proargdefaults::text) ELSE '' END AS tree
      FROM pg_catalog.pg_proc q WHERE q.proname = ANY ($1::name[]) OR q.oid = ANY ($2::oid[])) p
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace JOIN pg_catalog.pg_language l ON l.oid = p.prolang`;

export const OPERATORS = `SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
  'oid', o.oid::text, 'schema', n.nspname, 'name', o.oprname, 'place', ${place},
  'isShadowed', EXISTS (SELECT FROM pg_catalog.pg_operator b WHERE b.oprname = o.oprname AND b.oprleft = o.oprleft
    AND b.oprright = o.oprright AND b.oid < 16384),
  'between', ARRAY(SELECT ${typeName("t")} FROM pg_catalog.pg_operator b JOIN pg_catalog.pg_type t ON t.oid = b.oprleft
    WHERE b.oprname = o.oprname AND b.oprright = b.oprleft AND b.oid < 16384), 'procedures', ARRAY(WITH RECURSIVE near(id) AS (
    SELECT o.oid UNION SELECT v.id FROM near JOIN pg_catalog.pg_operator x ON x.oid = near.id, LATERAL (
      SELECT x.oprcom UNION ALL SELECT x.oprnegate UNION ALL
      SELECT m.oid FROM pg_catalog.pg_amop y, LATERAL (${members("y.amopfamily")}) m WHERE y.amopopr = x.oid) v(id))
    SELECT x.oprcode::oid::text FROM near JOIN pg_catalog.pg_operator x ON x.oid = near.id WHERE x.oprcode <> 0
    UNION SELECT w.oid::text FROM ${written} IN (SELECT r.amproc FROM near JOIN pg_catalog.pg_amop a ON a.amopopr = near.id
      JOIN pg_catalog.pg_amproc r ON r.amprocfamily = a.amopfamily)),
  'args', CASE WHEN o.oprleft = 0 THEN pg_catalog.json_build_array(${argument("o.oprright")})
    ELSE pg_catalog.json_build_array(${argument("o.oprleft")}, ${argument("o.oprright")}) END))
FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
WHERE o.oid >= 16384 AND o.oprcode <> 0 AND (o.oprname = ANY ($1::name[]) OR o.oid = ANY ($2::oid[]))`;

export const RELATIONS = `SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
  'oid', c.oid::text, 'schema', n.nspname, 'name', c.relname, 'kind', c.relkind, 'origin', c.origin, 'place', ${place},
  'reaches', ${inTree("c.computed", FUNCTIONS_IN)}
    || CASE WHEN c.origin = 'user' AND c.relkind <> 'v' THEN ${sorting("c.oid")} ELSE '{}' END, 'operators', ${inTree("c.computed", OPERATORS_IN)}
    || CASE WHEN c.origin = 'user' AND c.relkind <> 'v' THEN ARRAY(SELECT m.oid::text FROM ${families("c.oid")} f, LATERAL (${members("f.id")}) m)
      ELSE '{}' END,
  'relations', ${inTree("c.tree", TABLES_IN)}, 'types', ${typesIn("(c.computed || c.policies)")}
    || ARRAY(SELECT a.atttypid::text FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND t.oid >= 16384 AND t.typtype <> 'd'),
  'domains', ARRAY(SELECT a.atttypid::text FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND t.oid >= 16384 AND t.typtype = 'd'),
  'policies', ${inTree("c.policies", FUNCTIONS_IN)}, 'policyOperators', ${inTree("c.policies", OPERATORS_IN)},
  'policyRelations', ${inTree("c.policies", TABLES_IN)}, 'written', ${writtenColumns("ARRAY[c.oid]")},
  'columns', COALESCE((SELECT pg_catalog.json_agg(
      pg_catalog.json_build_array(a.attname, ${typeName("t")}, a.attnum)) FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '[]'),
  'kin', COALESCE((SELECT pg_catalog.json_agg(pg_catalog.json_build_array(m.nspname, k.relname)) FROM ${kin("c.oid")} b
      JOIN pg_catalog.pg_class k ON k.oid = b.id JOIN pg_catalog.pg_namespace m ON m.oid = k.relnamespace), '[]'),
  'generated', COALESCE((SELECT pg_catalog.json_agg(pg_catalog.json_build_array(a.attname, s.attname))
      FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum,
        LATERAL pg_catalog.regexp_matches(d.adbin::text, ':varattno ([0-9]+)', 'g') v
        JOIN pg_catalog.pg_attribute s ON s.attnum = v[1]::int2
      WHERE a.attrelid = c.oid AND a.attgenerated <> '' AND s.attrelid = c.oid), '[]'),
  'definition', CASE WHEN c.relkind = 'v' AND c.origin = 'user' THEN COALESCE(pg_catalog.pg_get_viewdef(c.oid), '') ELSE '' END,
  'hasWholeRow', c.tree LIKE '%:varattno 0 %',
  'reads', COALESCE((SELECT pg_catalog.json_agg(DISTINCT pg_catalog.jsonb_build_array(d.refobjid::text, a.attname))
      FROM pg_catalog.pg_rewrite w JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid = w.oid
        AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjsubid > 0
      JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
      WHERE w.ev_class = c.oid AND w.ev_type = '1' AND c.relkind IN ('v', 'm') AND d.refobjid <> c.oid), '[]')))
FROM (SELECT f.*, CASE WHEN f.relkind = 'v' THEN f.tree WHEN f.origin = 'user' THEN ${planned("f.oid")} ELSE '' END AS computed
      FROM (SELECT r.*, ${origin("r", "pg_catalog.pg_class", isSuperusers("r.relowner"))} AS origin,
        CASE WHEN r.relkind IN ('v', 'm') AND r.oid >= 16384 THEN (SELECT w.ev_action::text FROM pg_catalog.pg_rewrite w
          WHERE w.ev_class = r.oid AND w.ev_type = '1') ELSE '' END AS tree,
        CASE WHEN r.relrowsecurity THEN COALESCE((SELECT pg_catalog.string_agg(y.polqual::text, ' ') FROM pg_catalog.pg_policy y
          WHERE y.polrelid = r.oid AND y.polcmd IN ('r', '*')), '') ELSE '' END AS policies
      FROM pg_catalog.pg_class r WHERE r.oid = ANY ($3::oid[]) OR r.oid IN (
        SELECT k.oid FROM ROWS FROM (pg_catalog.unnest($1::text[]), pg_catalog.unnest($2::text[])) AS w(schema, name)
        JOIN pg_catalog.pg_class k ON k.relname = w.name JOIN pg_catalog.pg_namespace s ON s.oid = k.relnamespace
        WHERE CASE WHEN w.schema IS NULL THEN s.nspname = ANY (pg_catalog.current_schemas(true)) ELSE s.nspname = w.schema END) OFFSET 0) f OFFSET 0) c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace`;

/** Names that the server folds and cuts exactly as the grammar does, which only knows UTF-8. */
export const NAMES = `SELECT pg_catalog.json_agg(w.name) FROM ROWS FROM (pg_catalog.unnest($1::text[]), pg_catalog.unnest($2::text[])) AS w(name, letters)
WHERE pg_catalog.current_setting('server_encoding') = 'UTF8' OR (pg_catalog.octet_length(pg_catalog.convert_to(w.name, 'UTF8')) < 60
  AND pg_catalog.octet_length(w.name) <= 63 AND pg_catalog.parse_ident(w.letters) = ARRAY[w.letters])`;

/** PostgreSQL 13 has no multiranges. */
const MULTIRANGE = "(pg_catalog.to_jsonb(g) ->> 'rngmultitypid')::oid";

/**
 * The checks of domains, and the functions that measure, compare and sort values of a type or convert them to JSON,
 * including values inside rows, arrays and other domains; user-defined casts; and user-defined sorting of built-in
 * types, as a default or in their own families. There are usually few or none of each.
 */
export const TYPES = `WITH RECURSIVE inside(root, name, id) AS (
    SELECT t.oid, t.typname, t.oid FROM pg_catalog.pg_type t WHERE t.typname = ANY ($1::name[]) OR t.oid = ANY ($2::oid[])
    UNION SELECT i.root, i.name, x.id FROM inside i JOIN pg_catalog.pg_type t ON t.oid = i.id, LATERAL (
      SELECT t.typbasetype UNION ALL SELECT t.typelem UNION ALL SELECT g.rngsubtype FROM pg_catalog.pg_range g
      WHERE t.oid IN (g.rngtypid, ${MULTIRANGE}) UNION ALL
      SELECT g.rngtypid FROM pg_catalog.pg_range g WHERE ${MULTIRANGE} = t.oid UNION ALL SELECT a.atttypid FROM pg_catalog.pg_attribute a
      WHERE t.typrelid <> 0 AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) x(id) WHERE x.id <> 0),
  around(root, id) AS (
    SELECT c.oid, t.oid FROM pg_catalog.pg_cast c JOIN pg_catalog.pg_type t ON t.oid = CASE WHEN c.castsource >= 16384 THEN c.castsource
      ELSE c.casttarget END WHERE c.oid >= 16384 AND c.castfunc <> 0 AND t.oid >= 16384
    UNION SELECT u.root, x.id FROM around u, LATERAL (
      SELECT t.oid FROM pg_catalog.pg_type t WHERE t.typbasetype = u.id OR t.typelem = u.id UNION ALL
      SELECT v FROM pg_catalog.pg_range g, LATERAL (VALUES (g.rngtypid), (${MULTIRANGE})) w(v) WHERE g.rngsubtype = u.id UNION ALL
      SELECT r.reltype FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class r ON r.oid = a.attrelid
      WHERE a.atttypid = u.id AND a.attnum > 0 AND NOT a.attisdropped AND r.reltype <> 0) x(id))
SELECT pg_catalog.json_build_object(
  'domains', (SELECT pg_catalog.json_agg(pg_catalog.json_build_object('oid', d.root::text, 'name', d.name,
      'reaches', ${inTree("d.tree", FUNCTIONS_IN)}, 'operators', ${inTree("d.tree", OPERATORS_IN)}, 'measures', d.measures, 'sorters', d.sorters))
    FROM (SELECT i.root, i.name, COALESCE(pg_catalog.string_agg(c.conbin::text, ' '), '') AS tree,
        ARRAY(SELECT w.oid::text FROM ${written} IN (SELECT m.id FROM inside j, LATERAL (
            SELECT v FROM pg_catalog.pg_range g, LATERAL (VALUES (g.rngsubdiff::oid), (g.rngcanonical)) r(v) WHERE g.rngtypid = j.id
            UNION ALL SELECT c.castfunc FROM pg_catalog.pg_cast c WHERE c.castsource = j.id AND c.oid >= 16384
              AND c.casttarget IN ('pg_catalog.json'::pg_catalog.regtype, 'pg_catalog.jsonb'::pg_catalog.regtype)
            UNION ALL SELECT p.amproc FROM ${familiesOfType("j.id")} f JOIN pg_catalog.pg_amproc p ON p.amprocfamily = f.id
          ) m(id) WHERE j.root = i.root)) AS measures,
        ARRAY(SELECT m.oid::text FROM inside j, LATERAL ${familiesOfType("j.id")} f, LATERAL (${members("f.id")}) m
          WHERE j.root = i.root) AS sorters
      FROM inside i LEFT JOIN pg_catalog.pg_constraint c ON c.contypid = i.id AND c.oid >= 16384 AND c.conbin IS NOT NULL
      GROUP BY i.root, i.name) d WHERE d.tree <> '' OR d.measures <> '{}' OR d.sorters <> '{}'),
  'sorting', ARRAY(SELECT w.oid::text FROM ${written} IN (
      SELECT p.amproc FROM pg_catalog.pg_amproc p WHERE p.oid >= 16384 AND (p.amprocfamily < 16384 OR p.amprocfamily IN (${DEFAULTS}))
      UNION ALL SELECT o.oprcode FROM pg_catalog.pg_amop a JOIN pg_catalog.pg_operator o ON o.oid = a.amopopr
      WHERE a.oid >= 16384 AND (a.amopfamily < 16384 OR a.amopfamily IN (${DEFAULTS})))),
  'casts', (SELECT pg_catalog.json_agg(pg_catalog.json_build_object('source', ${typeName("s")}, 'target', ${typeName("t")}, 'procedure', c.castfunc::text,
      'around', COALESCE((SELECT pg_catalog.json_agg(pg_catalog.json_build_array(${typeName("y")}, y.typname))
        FROM around u JOIN pg_catalog.pg_type y ON y.oid = u.id WHERE u.root = c.oid), '[]')))
    FROM pg_catalog.pg_cast c JOIN pg_catalog.pg_type s ON s.oid = c.castsource JOIN pg_catalog.pg_type t ON t.oid = c.casttarget
    WHERE c.oid >= 16384 AND c.castfunc <> 0))`;
