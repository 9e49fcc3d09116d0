import { quote, ToolError } from "@org/server-kit";

/** The fields of an error from PostgreSQL or node-postgres. */
export interface ServerError {
  readonly code: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly position?: string;
}

const textOf = (error: object, key: string): string | undefined => {
  const value: unknown = Reflect.get(error, key);
  return typeof value === "string" ? value : undefined;
};

/** An error reported by a server; undefined for network errors and our own. */
export function serverError(error: unknown): ServerError | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = textOf(error, "code");
  if (code === undefined || !/^[\dA-Z]{5}$/.test(code)) return undefined;
  const [detail, hint, position] = ["detail", "hint", "position"].map((key) => textOf(error, key));
  return {
    code,
    message: error.message,
    ...(detail && { detail }),
    ...(hint && { hint }),
    ...(position && { position }),
  };
}

/** Errors that are not about the statement: the same call may succeed on another connection, or later. */
const LATER: Readonly<Record<string, string>> = {
  "40001": "the server gave up the transaction in favour of another (on a standby: of replication). Try again.",
  "40P01": "the server ended a deadlock by stopping this query. Try again.",
  "57P01": "the server was told to end this connection. Try again.",
  "57P02": "the server crashed and restarts. Try again in some seconds.",
  "57P03": "the server is starting up or shutting down. Try again in some seconds.",
  "57P05": "the server closed the connection because it was idle. Try again.",
  "53300": "the server has no connection left. Try again later, or lower --pool-size, or raise max_connections there.",
  "55P03": "a table is locked, most likely by a schema change. Try again when that is done.",
};

const CONNECT: Readonly<Record<string, string>> = {
  "28P01": "the password is wrong, or the user does not exist. Check the password in the connection settings.",
  "28000": "the server does not let this user in from here. Check the user, sslmode, and the server's pg_hba.conf.",
  "3D000": "there is no such database on that server. Check the last part of the URL, or PGDATABASE.",
};

/** Limit for a server's message, which may quote a value of any size. */
const LONGEST = 600;

/** Translates an error for the model. Unknown errors are returned unchanged, and become `internal`. */
export function toToolError(error: unknown, prefixLength = 0): unknown {
  if (error instanceof ToolError) return error;
  const known = serverError(error);
  if (!known) return isGone(error) ? gone() : error;
  const { code, message, detail, hint } = known;
  const said = `${cut(message)}${detail ? ` (${cut(detail)})` : ""}`;
  const later = LATER[code];
  if (later) return new ToolError("unavailable", `${later} The server said: ${said} [${code}].`);
  const connect = CONNECT[code];
  if (connect) return new ToolError(code === "3D000" ? "not_found" : "access_denied", `${connect} [${code}]`);
  if (code === "57014") {
    return new ToolError(
      "timeout",
      "the query ran out of time and was cancelled on the server. Ask for less, or filter more.",
    );
  }
  if (code === "42501") {
    return new ToolError("access_denied", `${said} [42501]. Query what this role may read, or grant it to the role.`);
  }
  if (code === "08P01" && /pooling/.test(message)) {
    const advice = "A pooler in statement mode cannot keep a query read-only; use one in transaction or session mode.";
    return new ToolError("unavailable", `the connection is refused: ${said} [08P01]. ${advice}`, { retryable: false });
  }
  if (code.startsWith("53"))
    return new ToolError("unavailable", `the server is out of resources: ${said} [${code}]. Ask for less.`);
  const at = Number(known.position ?? 0) - prefixLength;
  const place = at > 0 ? `, at character ${at}` : "";
  const advice = hint ? ` ${cut(hint)}` : (ADVICE[code] ?? "");
  const kind = code === "25006" ? "access_denied" : code === "0A000" ? "unsupported" : "invalid_input";
  return new ToolError(kind, `${said} [${code}]${place}.${advice}`);
}

const ADVICE: Readonly<Record<string, string>> = {
  "42P01": " list_tables lists what there is; write a schema before a table outside of the search path.",
  "42703": " describe_table lists a table's columns.",
  "42601": " Correct the statement.",
  "22P02": " Write a value of that type.",
  "22021": " Remove that character.",
  "25006": " This server only reads.",
  "54001": " The statement is nested too deeply for the server. Write it flatter.",
};

function cut(text: string): string {
  const shown = quote(text.replace(/\s+/g, " "), LONGEST);
  return shown.slice(1, -1);
}

export const gone = () =>
  new ToolError("unavailable", "the connection to the database was lost. Try again: the next call opens a new one.");

const NETWORK = /^(ECONNRESET|EPIPE|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ECONNABORTED)$/;

function isGone(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    NETWORK.test(textOf(error, "code") ?? "") ||
    /^Connection terminated|not queryable|^Client was closed/.test(error.message)
  );
}
