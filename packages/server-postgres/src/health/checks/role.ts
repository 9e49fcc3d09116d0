import * as z from "zod";
import { readRows } from "../../catalog/catalog.ts";
import { IN_SCOPE, OF_USERS, READABLE_KINDS } from "../../catalog/scope.ts";
import { type Check, defineCheck, type Finding, type Severity } from "../check.ts";
import { grants } from "./grants.ts";
import { mine } from "./roles.ts";

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
    /** The roles through which it can become this one. */
    members: z.array(z.string()).nullable(),
  }),
  // For a superuser, one finding covers everything.
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

/** Predefined roles, with what they allow on the server. */
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

/** Column names that suggest contents nobody should read by accident. */
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
  (SELECT array_agg(coalesce(quote_ident(m.rolname), 'PUBLIC')) FROM pg_class k, aclexplode(k.relacl) x LEFT JOIN mine m ON m.oid = x.grantee
    WHERE k.oid = c.oid AND x.privilege_type = 'SELECT' AND (x.grantee = 0 OR m.oid IS NOT NULL)) AS grantees
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ${READABLE_KINDS} AND NOT c.relispartition AND ${OF_USERS}
  AND ${IN_SCOPE} AND has_schema_privilege(n.oid, 'USAGE') AND has_column_privilege(c.oid, a.attnum, 'SELECT')
GROUP BY c.oid, n.nspname, c.relname HAVING bool_or(a.attname ~* ${SECRET}) ORDER BY 1, 2`;

export const roleChecks: readonly Check[] = [attributes, memberships, grants, secrets];
