import * as z from "zod";
import { type Catalog, readRows } from "../../catalog/catalog.ts";
import { OF_USERS, READABLE_KINDS } from "../../catalog/scope.ts";
import type { Check, Finding, Severity } from "../check.ts";
import { mine } from "./roles.ts";

const Grant = z.object({
  kind: z.enum([
    "TABLE",
    "SEQUENCE",
    "COLUMN",
    "SCHEMA",
    "DATABASE",
    "FUNCTION",
    "LANGUAGE",
    "FOREIGN SERVER",
    "PARAMETER",
    "DEFAULT",
  ]),
  /** The objects concerned, as written in SQL. */
  objects: z.array(z.string()),
  total: z.number(),
  schema: z.string().nullable(),
  privileges: z.string(),
  /** PUBLIC, or a role as written in SQL. */
  grantee: z.string(),
});
type Grant = z.output<typeof Grant>;

/** The most objects named in one finding. */
const NAMED = 10;

const KINDS: Readonly<Record<Grant["kind"], readonly [Severity, string, string]>> = {
  TABLE: ["warning", "may change tables", "A reader needs SELECT alone."],
  COLUMN: ["warning", "may change columns", "A reader needs SELECT alone."],
  SEQUENCE: ["warning", "may move sequences", "A reader needs no USAGE or UPDATE of them."],
  SCHEMA: ["warning", "may make objects in schemas", "Objects there can stand in for those that others mean."],
  DATABASE: [
    "notice",
    "may make objects in the database",
    "Programs that need temporary tables can be granted it by name.",
  ],
  FUNCTION: [
    "warning",
    "may call functions that act with more rights than its own",
    "Each runs as its owner, reaches other servers, or touches files: grant it to those who need it.",
  ],
  LANGUAGE: ["critical", "may write functions in a language that is not confined", "They run as the server's user."],
  "FOREIGN SERVER": ["notice", "may use foreign servers", "A reader of foreign tables does not need it."],
  PARAMETER: ["warning", "may change settings that only superusers should", "A reader needs none of it."],
  DEFAULT: [
    "warning",
    "will be able to change tables and sequences that are made from now on",
    "A reader needs SELECT alone.",
  ],
};

export const grants: Check = {
  area: "role",
  title: "what the role could write, make or execute",
  async run(catalog) {
    const { isSuperuser, version } = catalog.session.facts;
    if (isSuperuser) return { findings: [] };
    const found = await readRows(catalog, Grant, grantsSql(version));
    return { findings: [...found.map(grantFinding), ...(await owned(catalog, version))] };
  },
};

function grantFinding({ kind, objects, total, schema, privileges, grantee }: Grant): Finding {
  const [severity, finding, advice] = KINDS[kind];
  const more = total > objects.length;
  const place = more && schema !== null && (kind === "TABLE" || kind === "SEQUENCE" || kind === "FUNCTION");
  const target = place
    ? `ALL ${kind}S IN SCHEMA ${schema}`
    : `${kind === "COLUMN" ? "TABLE" : kind} ${objects.join(", ")}`;
  return {
    severity,
    object: objects.join(", ") + (more ? ` and ${total - objects.length} more` : ""),
    finding: `${finding}, ${grantee === "PUBLIC" ? "as everybody may" : `by what ${grantee} was granted`}`,
    figure: privileges,
    threshold: "none",
    advice,
    sql:
      kind === "DEFAULT"
        ? `${objects[0]} REVOKE ${privileges} FROM ${grantee}`
        : `REVOKE ${privileges} ON ${target} FROM ${grantee}`,
  };
}

async function owned(catalog: Catalog, version: number): Promise<Finding[]> {
  const Owner = z.object({ objects: z.array(z.string()), total: z.number(), owner: z.string() });
  const sql = `WITH ${mine(version)} SELECT (array_agg(o.name ORDER BY o.name))[1:${NAMED}] AS objects, count(*) AS total, quote_ident(m.rolname) AS owner
    FROM (
      SELECT format('%I.%I', n.nspname, c.relname) AS name, c.relowner AS owner
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ${READABLE_KINDS} AND ${OF_USERS}
      UNION ALL SELECT 'schema ' || quote_ident(n.nspname), n.nspowner FROM pg_namespace n WHERE ${OF_USERS}
      UNION ALL SELECT 'database ' || quote_ident(datname), datdba FROM pg_database WHERE datname = current_database()
      UNION ALL SELECT 'large object ' || oid, lomowner FROM pg_largeobject_metadata
    ) o JOIN mine m ON m.oid = o.owner GROUP BY m.rolname`;
  return (await readRows(catalog, Owner, sql)).map(({ objects, total, owner }) => ({
    severity: "warning",
    object: objects.join(", ") + (total > objects.length ? ` and ${total - objects.length} more` : ""),
    finding: `belongs to ${owner}: an owner may change, drop and grant it`,
    figure: `owner ${owner}`,
    threshold: "none",
    advice: "Give it to a role that this server does not connect as.",
    sql: `REASSIGN OWNED BY ${owner} TO another_role`,
  }));
}

/** Functions of extensions and of PostgreSQL that reach outside the database. */
const REACHING =
  "'^(dblink|lo_import|lo_export|pg_read_|pg_write_|pg_ls_|pg_stat_file|pg_file_|pg_reload_conf|pg_terminate_)'";

const grantsSql = (version: number) => `
WITH ${mine(version)}, grantees AS (
  SELECT oid, quote_ident(rolname) AS name FROM mine UNION ALL SELECT 0, 'PUBLIC'
), given AS (
  SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind, quote_ident(n.nspname) AS schema,
    format('%I.%I', n.nspname, c.relname) AS object, x.privilege_type::text AS privilege, x.grantee
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace CROSS JOIN aclexplode(c.relacl) x
  WHERE ${OF_USERS} AND x.grantee <> c.relowner AND x.privilege_type <> 'SELECT' AND c.relkind <> 'c'
  UNION ALL
  SELECT 'COLUMN', quote_ident(n.nspname), format('%I.%I', n.nspname, c.relname), format('%s (%I)', x.privilege_type, a.attname), x.grantee
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  CROSS JOIN aclexplode(a.attacl) x WHERE ${OF_USERS} AND x.grantee <> c.relowner AND x.privilege_type <> 'SELECT'
  UNION ALL
  SELECT 'SCHEMA', NULL, quote_ident(n.nspname), x.privilege_type, x.grantee FROM pg_namespace n CROSS JOIN aclexplode(n.nspacl) x
  WHERE ${OF_USERS} AND x.grantee <> n.nspowner AND x.privilege_type = 'CREATE'
  UNION ALL
  SELECT 'DATABASE', NULL, quote_ident(d.datname), x.privilege_type, x.grantee
  FROM pg_database d CROSS JOIN aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) x
  WHERE d.datname = current_database() AND x.grantee <> d.datdba AND x.privilege_type IN ('CREATE', 'TEMPORARY')
  UNION ALL
  SELECT 'FUNCTION', quote_ident(n.nspname), format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)),
    x.privilege_type, x.grantee
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  CROSS JOIN aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x
  WHERE x.grantee <> p.proowner AND p.prorettype <> 'trigger'::regtype AND p.prorettype <> 'event_trigger'::regtype AND CASE
    WHEN n.nspname = 'pg_catalog' THEN p.proacl IS NOT NULL AND x.grantee <> 0 AND p.proname ~ ${REACHING}
    WHEN ${OF_USERS} THEN p.prosecdef OR p.proname ~ ${REACHING} END
  UNION ALL
  SELECT 'LANGUAGE', NULL, quote_ident(l.lanname), x.privilege_type, x.grantee
  FROM pg_language l CROSS JOIN aclexplode(l.lanacl) x WHERE NOT l.lanpltrusted AND x.grantee <> l.lanowner
  UNION ALL
  SELECT 'FOREIGN SERVER', NULL, quote_ident(f.srvname), x.privilege_type, x.grantee
  FROM pg_foreign_server f CROSS JOIN aclexplode(f.srvacl) x WHERE x.grantee <> f.srvowner
  ${
    version < 150000
      ? ""
      : "UNION ALL SELECT 'PARAMETER', NULL, a.parname, x.privilege_type, x.grantee FROM pg_parameter_acl a CROSS JOIN aclexplode(a.paracl) x"
  }
  UNION ALL
  SELECT 'DEFAULT', NULL, format('ALTER DEFAULT PRIVILEGES FOR ROLE %I%s', r.rolname, ' IN SCHEMA ' || quote_ident(n.nspname)),
    x.privilege_type || ' ON ' || CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' ELSE 'SEQUENCES' END, x.grantee
  FROM pg_default_acl d JOIN pg_roles r ON r.oid = d.defaclrole LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
  CROSS JOIN aclexplode(d.defaclacl) x
  WHERE d.defaclobjtype IN ('r', 'S') AND x.privilege_type <> 'SELECT' AND x.grantee <> d.defaclrole
), per_object AS (
  SELECT kind, schema, object, grantees.name AS grantee, string_agg(DISTINCT privilege, ', ' ORDER BY privilege) AS privileges
  FROM given JOIN grantees ON grantees.oid = given.grantee
  GROUP BY kind, schema, object, grantees.name, CASE WHEN kind = 'DEFAULT' THEN privilege END
)
SELECT kind, (array_agg(object ORDER BY object))[1:${NAMED}] AS objects, count(*) AS total, schema, privileges, grantee
FROM per_object GROUP BY kind, schema, privileges, grantee, CASE WHEN kind IN ('COLUMN', 'DEFAULT') THEN object END
ORDER BY kind, schema, grantee, privileges`;
