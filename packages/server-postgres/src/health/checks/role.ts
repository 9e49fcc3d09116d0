import * as z from "zod";
import { type Catalog, readRows } from "../../catalog/catalog.ts";
import { IN_SCOPE, OF_USERS, READABLE_KINDS } from "../../catalog/scope.ts";
import { type Check, defineCheck, type Finding, type Severity } from "../check.ts";

// What the role could do that a reader need not. It counts what it may do as itself, as PUBLIC, and as every role that it
// inherits from, may change to with SET ROLE, or may grant to itself.
const CAN_BE = (version: number) =>
  (version >= 160000 ? ["USAGE", "SET", "MEMBER WITH ADMIN OPTION"] : ["MEMBER"])
    .map((way) => `pg_has_role(current_user, r.oid, '${way}')`)
    .join(" OR ");

const mine = (version: number) =>
  `mine AS MATERIALIZED (SELECT r.oid, r.rolname FROM pg_roles r WHERE ${CAN_BE(version)})`;

const IS_SUPERUSER = "(SELECT rolsuper FROM pg_roles WHERE rolname = current_user)";

const ATTRIBUTES = {
  rolsuper: ["NOSUPERUSER", "is a superuser: nothing in the database limits it"],
  rolcreaterole: ["NOCREATEROLE", "may make roles and grant them"],
  rolcreatedb: ["NOCREATEDB", "may make databases"],
  rolreplication: ["NOREPLICATION", "may copy the whole server by replication"],
  rolbypassrls: ["NOBYPASSRLS", "sees rows that row security hides"],
} as const;

const attributes = defineCheck({
  area: "role",
  title: "attributes of the role, and of those that it can become",
  row: z.object({
    attribute: z.enum(["rolsuper", "rolcreaterole", "rolcreatedb", "rolreplication", "rolbypassrls"]),
    role: z.string(),
    own: z.boolean(),
    /** Through whom it can become the role. */
    members: z.array(z.string()).nullable(),
  }),
  // Of a superuser, one finding says everything.
  sql: (
    version,
  ) => `WITH ${mine(version)} SELECT v.attribute, quote_ident(r.rolname) AS role, r.rolname = current_user AS own,
      (SELECT array_agg(quote_ident(m.rolname)) FROM pg_auth_members a JOIN mine m ON m.oid = a.member
        WHERE a.roleid = r.oid) AS members
    FROM pg_roles r CROSS JOIN LATERAL (VALUES ('rolsuper', rolsuper), ('rolcreaterole', rolcreaterole),
      ('rolcreatedb', rolcreatedb), ('rolreplication', rolreplication), ('rolbypassrls', rolbypassrls)) v(attribute, has)
    WHERE v.has AND CASE WHEN ${IS_SUPERUSER} THEN r.rolname = current_user AND v.attribute = 'rolsuper'
      ELSE r.oid IN (SELECT oid FROM mine) END ORDER BY 1 DESC, 2`,
  find({ attribute, role, own, members }) {
    const [remedy, words] = ATTRIBUTES[attribute];
    const end = own ? `ALTER ROLE ${role} ${remedy}` : `REVOKE ${role} FROM ${members?.join(", ")}`;
    return {
      severity: attribute === "rolsuper" || attribute === "rolreplication" ? "critical" : "warning",
      object: role,
      finding: own ? words : `can be taken on by SET ROLE, and ${words}`,
      figure: remedy.slice(2),
      threshold: "none",
      advice: "Connect as a role that may only SELECT: server-postgres --print-role-sql writes it.",
      sql: own && attribute === "rolsuper" ? null : end,
    };
  },
});

/** Predefined roles, by what they can do to the server. */
const PREDEFINED: Readonly<Record<string, readonly [Severity, string]>> = {
  pg_execute_server_program: ["critical", "may run programs on the server's machine"],
  pg_write_server_files: ["critical", "may write files on the server's machine"],
  pg_read_server_files: ["critical", "may read files on the server's machine"],
  pg_write_all_data: ["critical", "may write every table"],
  pg_database_owner: ["warning", "owns this database"],
  pg_signal_backend: ["warning", "may end sessions of others"],
  pg_maintain: ["warning", "may rewrite and lock every table"],
  pg_create_subscription: ["warning", "may make subscriptions"],
  pg_checkpoint: ["notice", "may force checkpoints"],
  pg_read_all_data: ["notice", "may read every table, those of other applications included"],
};

const memberships = defineCheck({
  area: "role",
  title: "memberships in PostgreSQL's own roles",
  row: z.object({ role: z.string(), member: z.string() }),
  sql: (version) => `WITH ${mine(version)} SELECT g.rolname AS role, quote_ident(m.rolname) AS member
    FROM pg_auth_members a JOIN pg_roles g ON g.oid = a.roleid JOIN mine m ON m.oid = a.member
    WHERE g.oid IN (SELECT oid FROM mine) AND g.rolname LIKE 'pg\\_%'
      AND NOT ${IS_SUPERUSER} ORDER BY 1, 2`,
  find({ role, member }) {
    const [severity, words] = PREDEFINED[role] ?? [];
    if (severity === undefined || words === undefined) return undefined;
    const sql = `REVOKE ${role} FROM ${member}`;
    return {
      severity,
      object: member,
      finding: words,
      figure: role,
      threshold: "none",
      advice: "A reader needs none of it.",
      sql,
    };
  },
});

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
  /** What it is about, as SQL writes it. */
  objects: z.array(z.string()),
  total: z.number(),
  schema: z.string().nullable(),
  privileges: z.string(),
  /** PUBLIC, or a role as SQL writes it. */
  grantee: z.string(),
});
type Grant = z.output<typeof Grant>;

/** Objects that one finding names. */
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

const grants: Check = {
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

/** Functions of extensions and of PostgreSQL that reach out of the database. */
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

/** Names of columns that hold what nobody should read by accident. */
const SECRET = "'(passw|secret|api_?key|access_?key|private_?key|(^|_)token|(^|_)ssn($|_)|iban|card_?number|(^|_)cvv)'";

const Secret = z.object({
  schema: z.string(),
  table: z.string(),
  sql_name: z.string(),
  secret: z.array(z.string()),
  others: z.array(z.string()).nullable(),
  grantees: z.array(z.string()).nullable(),
});

const secrets: Check = {
  area: "role",
  title: "columns whose names speak of secrets",
  async run(catalog) {
    const tables = await readRows(catalog, Secret, secretsSql(catalog.session.facts.version), [catalog.scope]);
    const open = tables.flatMap((table) => {
      const masked = catalog.policy.masked(table.schema, table.table);
      const secret = table.secret.filter((column) => !masked.has(column));
      return secret.length === 0 ? [] : [{ ...table, secret }];
    });
    return {
      findings: open.map(({ sql_name, table, secret, others, grantees }): Finding => {
        const to = grantees?.join(", ");
        const again = others === null ? "" : `; GRANT SELECT (${others.join(", ")}) ON ${sql_name} TO ${to}`;
        return {
          severity: "notice",
          object: sql_name,
          finding: `this role reads what may be secret: ${secret.join(", ")}`,
          figure: "SELECT",
          threshold: "a column named like password, secret or token",
          advice: `Grant SELECT on the other columns alone, or start this server with --mask ${table}.${secret[0]}.`,
          sql: to === undefined ? null : `REVOKE SELECT ON ${sql_name} FROM ${to}${again}`,
        };
      }),
    };
  },
};

const secretsSql = (version: number) => `WITH ${mine(version)}
SELECT n.nspname AS schema, c.relname AS table, format('%I.%I', n.nspname, c.relname) AS sql_name,
  array_agg(a.attname ORDER BY a.attnum) FILTER (WHERE a.attname ~* ${SECRET}) AS secret,
  array_agg(quote_ident(a.attname) ORDER BY a.attnum) FILTER (WHERE a.attname !~* ${SECRET}) AS others,
  (SELECT array_agg(coalesce(quote_ident(m.rolname), 'PUBLIC')) FROM aclexplode(c.relacl) x LEFT JOIN mine m ON m.oid = x.grantee
    WHERE x.privilege_type = 'SELECT' AND (x.grantee = 0 OR m.oid IS NOT NULL)) AS grantees
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ${READABLE_KINDS} AND NOT c.relispartition AND ${OF_USERS}
  AND ${IN_SCOPE} AND has_schema_privilege(n.oid, 'USAGE') AND has_column_privilege(c.oid, a.attnum, 'SELECT')
GROUP BY c.oid, n.nspname, c.relname, c.relacl HAVING bool_or(a.attname ~* ${SECRET}) ORDER BY 1, 2`;

export const roleChecks: readonly Check[] = [attributes, memberships, grants, secrets];
