import { literal, MARK, marked } from "./sql.ts";

/** Travels with the last statement where a caller says which that is, and by itself otherwise. */
export const ROLLBACK = "ROLLBACK";

/** Longest wait for a lock: a reader that queues behind a schema change holds up everyone behind it. */
const LOCK_MS = 5000;
/** What one sort or hash may take of the server's memory, in kB. A smaller setting of the role stands. */
const WORK_MEM = 64 << 10;

const set = (name: string, value: string) => `pg_catalog.set_config('${name}', ${literal(value)}, true)`;
const BEGIN = `BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT ${MARK} pg_catalog.txid_current_snapshot(), `;
const FIXED = [
  // The grammar of the guard reads a backslash as the standard does; the server must too.
  set("standard_conforming_strings", "on"),
  set("client_encoding", "UTF8"),
  set("datestyle", "ISO"),
].join(", ");

/**
 * Opens the transaction and sets its limits. All of it ends with the transaction, so nothing stays on a connection that a
 * pooler gives to somebody else next, and no start-up parameter is needed that a pooler would refuse or drop. The SELECT
 * takes the snapshot: from then on the server refuses to make the transaction a writing one.
 * @param own what {@link ownSettings} made of the connection's first transaction
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
 * The settings that depend on the server, the role and its database, and the name that the URL gives.
 * @param looksForClient whether a query can end soon after this process was killed, rather than at its time limit
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

/** What must hold in the next message, if the connection keeps a transaction and its settings at all; and the facts. */
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
 * What names mean: first the catalogue, which PostgreSQL puts there itself unless the path names it; then what the role or
 * the options name, so that current_schema() is the one that tools ask for; then schemas of extensions, so that their
 * operators are found wherever they are installed. Those come before the others where the role or everybody may create
 * objects in some schema, which could shadow them. Temporary objects come last: a pooler's session may hold some of a stranger's.
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
