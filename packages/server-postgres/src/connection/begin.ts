import { literal, MARK, marked } from "./sql.ts";

/** Sent with the last statement if the caller says which one that is, otherwise on its own. */
export const ROLLBACK = "ROLLBACK";

/** Longest wait for a lock: a reader that queues behind a schema change blocks everyone behind it. */
const LOCK_MS = 5000;
/** Limit in kB for the memory of one sort or hash on the server. A lower setting of the role takes precedence. */
const WORK_MEM = 64 << 10;

const set = (name: string, value: string) => `pg_catalog.set_config('${name}', ${literal(value)}, true)`;
const BEGIN = `BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT ${MARK} pg_catalog.txid_current_snapshot(), `;
const FIXED = [
  // The guard's grammar treats a backslash as the standard does, and so must the server.
  set("standard_conforming_strings", "on"),
  set("client_encoding", "UTF8"),
  set("datestyle", "ISO"),
].join(", ");

/**
 * Opens the transaction and sets its limits. They all end with the transaction, so nothing remains on a connection that
 * a pooler passes on to others, and no start-up parameters are needed, which poolers refuse or drop. The SELECT takes
 * the snapshot: from then on the server refuses to make the transaction read-write.
 * @param own the result of {@link ownSettings} for the connection's first transaction
 */
export function beginSql(statementMs: number, own: string | undefined): string {
  const limits = [
    set("statement_timeout", `${statementMs}ms`),
    set("lock_timeout", `${Math.min(LOCK_MS, statementMs)}ms`),
    set("idle_in_transaction_session_timeout", `${statementMs + 10_000}ms`),
  ];
  return `${BEGIN}${limits.join(", ")}, ${FIXED}${own === undefined ? "" : `, ${own}`}`;
}

/**
 * The settings that depend on the server, the role and its database, and the application name from the URL.
 * @param looksForClient whether the server can notice that this process was killed, and end a query before its time
 * limit
 */
export function ownSettings(
  path: string,
  workMem: string | null | undefined,
  looksForClient: boolean,
  applicationName = "server-postgres",
): string {
  return [
    set("search_path", path),
    set("work_mem", `${workMem}kB`),
    set("application_name", applicationName),
    ...(looksForClient ? [set("client_connection_check_interval", "1s")] : []),
  ].join(", ");
}

/** Facts, and what the next message must still see if the connection preserves transactions and settings at all. */
export const VERIFY_SQL = marked(`SELECT pg_catalog.current_setting('transaction_read_only') AS read_only,
  pg_catalog.current_setting('standard_conforming_strings') AS strings,
  pg_catalog.current_setting('statement_timeout') AS statement_timeout,
  pg_catalog.current_setting('server_version_num') AS version,
  pg_catalog.current_database() AS database, current_user AS role, r.rolsuper AS is_superuser,
  pg_catalog.pg_is_in_recovery() AS is_in_recovery,
  EXISTS (SELECT FROM pg_catalog.pg_settings s WHERE s.name = 'primary_conninfo' AND s.setting ~ 'password'
    OR s.name = 'ssl_passphrase_command' AND s.setting <> '') AS shows_secrets,
  (SELECT s.reset_val FROM pg_catalog.pg_settings s WHERE s.name = 'search_path') AS search_path,
  (SELECT LEAST(s.reset_val::pg_catalog.int8, ${WORK_MEM}) FROM pg_catalog.pg_settings s WHERE s.name = 'work_mem') AS work_mem,
  -- From PostgreSQL 14 on; on some systems it is an error to set it.
  EXISTS (SELECT FROM pg_catalog.pg_settings s WHERE s.name = 'client_connection_check_interval')
    AND pg_catalog.version() ~ 'linux' AS looks_for_client,
  (SELECT pg_catalog.string_agg(DISTINCT pg_catalog.quote_ident(n.nspname), ', ')
   FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
   WHERE n.nspname <> 'pg_catalog' AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
     AND NOT pg_catalog.has_schema_privilege('public', n.oid, 'CREATE')
     AND (r.rolsuper OR NOT pg_catalog.has_schema_privilege(n.oid, 'CREATE'))) AS extension_schemas,
  EXISTS (SELECT FROM pg_catalog.pg_namespace n WHERE n.nspname !~ '^pg_' AND (pg_catalog.has_schema_privilege('public', n.oid, 'CREATE')
    OR NOT r.rolsuper AND pg_catalog.has_schema_privilege(n.oid, 'CREATE'))) AS is_writable
FROM pg_catalog.pg_roles r WHERE r.rolname = current_user`);

/**
 * The order in which names are resolved: first the catalogue, which PostgreSQL puts there itself unless the path names
 * it; then the schemas of the role or the options, so that current_schema() is what tools expect; then schemas of
 * extensions, so that their operators are always found. Extensions come before the others if the role or everybody may
 * create objects in some schema, which could shadow theirs. Temporary objects come last: a pooler's session may contain
 * a stranger's.
 */
export function searchPath(
  extensionSchemas: string | null | undefined,
  configured: string | null | undefined,
  isWritable: boolean,
): string {
  const schemas = isWritable ? [extensionSchemas, configured] : [configured, extensionSchemas];
  const catalogue = /pg_(catalog|temp)/i.test(configured ?? "") ? "pg_catalog" : undefined;
  return [catalogue, ...schemas, "pg_temp"].filter(Boolean).join(", ");
}
