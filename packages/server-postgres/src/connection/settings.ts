import { homedir, userInfo } from "node:os";
import path from "node:path";
import { ToolError } from "@org/server-kit";
import { serviceValues } from "../libpq/service.ts";
import { parseConninfo, parseUrl } from "./url.ts";
import type { Pipe } from "./wire.ts";

/** libpq's modes, with libpq's meanings; `no-verify` is node-postgres's name for `require` without verification. */
export const SSL_MODES = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] as const;
export type SslMode = (typeof SSL_MODES)[number];

/** Which of several hosts is wanted. */
export const SESSION_ATTRS = ["any", "read-write", "read-only", "primary", "standby", "prefer-standby"] as const;
export type SessionAttrs = (typeof SESSION_ATTRS)[number];

export interface Host {
  /** A name, an address, or the directory of a Unix socket. */
  readonly host: string;
  readonly port: number;
}

export interface Settings {
  readonly hosts: readonly Host[];
  readonly user: string;
  readonly password: string | undefined;
  readonly database: string;
  readonly sslMode: SslMode;
  /** Whether the server's name and chain are not verified even if there is a CA file. */
  readonly neverVerify: boolean;
  /** `system`, or a path. */
  readonly rootCert: string | undefined;
  readonly clientCert: string | undefined;
  readonly clientKey: string | undefined;
  readonly clientKeyPassword: string | undefined;
  readonly requiresChannelBinding: boolean;
  /** libpq's `options`, set only on the user's request; carries Neon's endpoint. */
  readonly startupOptions: string | undefined;
  /** Replaces our name in `pg_stat_activity`. */
  readonly applicationName: string | undefined;
  /** libpq's password file, if not the default. */
  readonly passFile: string | undefined;
  readonly sessionAttrs: SessionAttrs;
  readonly connectTimeoutMs: number;
  /** Opens a connection of its own where there is no host to connect to. */
  readonly openPipe?: () => Pipe;
}

type Values = Readonly<Record<string, string | undefined>>;

/** Parameters by libpq's names, each with the environment variable that can replace it. */
const FROM_ENV: Values = {
  host: "PGHOST",
  port: "PGPORT",
  user: "PGUSER",
  password: "PGPASSWORD",
  dbname: "PGDATABASE",
  sslmode: "PGSSLMODE",
  sslrootcert: "PGSSLROOTCERT",
  sslcert: "PGSSLCERT",
  sslkey: "PGSSLKEY",
  channel_binding: "PGCHANNELBINDING",
  options: "PGOPTIONS",
  connect_timeout: "PGCONNECT_TIMEOUT",
  application_name: "PGAPPNAME",
  passfile: "PGPASSFILE",
  target_session_attrs: "PGTARGETSESSIONATTRS",
  hostaddr: "PGHOSTADDR",
  requirepeer: "PGREQUIREPEER",
  require_auth: "PGREQUIREAUTH",
  sslcrl: "PGSSLCRL",
  sslcrldir: "PGSSLCRLDIR",
  gssencmode: "PGGSSENCMODE",
  ssl_min_protocol_version: "PGSSLMINPROTOCOLVERSION",
  sslnegotiation: "PGSSLNEGOTIATION",
};

/** libpq features missing here: ignoring them silently would connect elsewhere, or less securely, than requested. */
const UNSUPPORTED: Readonly<Record<string, RegExp>> = {
  hostaddr: /./,
  requirepeer: /./,
  require_auth: /./,
  sslcrl: /./,
  sslcrldir: /./,
  requiressl: /^1$/,
  gssencmode: /^require$/,
  sslnegotiation: /^direct$/,
  ssl_min_protocol_version: /^TLSv1\.3$/i,
};

/** Whether these variables specify a database, for use without a URL. */
export const hasPgVariables = (env: Values) =>
  ["PGHOST", "PGDATABASE", "PGUSER", "PGSERVICE"].some((name) => env[name]);

/**
 * Reads a URL or `key=value` pairs; without either, only the `PG*` variables.
 * @param source the environment variable with the text, for messages; its value is never shown
 * @throws ToolError `invalid_input`
 */
export function readSettings(
  text: string | undefined,
  source: string,
  env: Values,
  connectTimeoutMs: number,
): Settings {
  const given = text === undefined ? {} : readText(text.trim(), source);
  const service = given.service || env.PGSERVICE;
  const fromService = service ? serviceValues(service, env) : {};
  const value = (key: string) => given[key] || fromService[key] || (FROM_ENV[key] && env[FROM_ENV[key]]) || undefined;
  for (const [key, values] of Object.entries(UNSUPPORTED)) {
    if (values.test(value(key) ?? ""))
      throw new ToolError("invalid_input", `${source}: ${key} is not supported. Leave it out.`);
  }
  const user = value("user") ?? userInfo().username;
  const mode = sslMode(value("sslmode") ?? (isTrue(given.ssl) ? "require" : "prefer"), source);
  const seconds = Number(value("connect_timeout") ?? 0);
  return {
    hosts: hosts(value("host") ?? "localhost", value("port") ?? "5432", source),
    user,
    password: value("password"),
    database: value("dbname") ?? user,
    sslMode: mode === "no-verify" ? "require" : mode,
    neverVerify: mode === "no-verify",
    rootCert: file(value("sslrootcert")),
    clientCert: file(value("sslcert")),
    clientKey: file(value("sslkey")),
    clientKeyPassword: given.sslpassword,
    requiresChannelBinding: value("channel_binding") === "require",
    startupOptions: value("options"),
    applicationName: value("application_name"),
    passFile: file(value("passfile")),
    sessionAttrs: sessionAttrs(value("target_session_attrs") ?? "any", source),
    connectTimeoutMs: seconds > 0 ? Math.max(seconds, 2) * 1000 : connectTimeoutMs,
  };
}

function readText(text: string, source: string): Values {
  if (/^postgres(ql)?:\/\//i.test(text)) return parseUrl(text, source);
  if (/^\w+\s*=/.test(text)) return parseConninfo(text, source);
  throw new ToolError("invalid_input", `${source} is not a URL such as postgres://user:password@host:5432/database.`);
}

const isTrue = (text: string | undefined) => text === "true" || text === "1" || text === "on";

function sslMode(text: string, source: string): SslMode | "no-verify" {
  if (text === "no-verify") return text;
  const found = SSL_MODES.find((mode) => mode === text);
  if (found) return found;
  throw new ToolError("invalid_input", `${source}: sslmode is one of ${SSL_MODES.join(", ")}.`);
}

function sessionAttrs(text: string, source: string): SessionAttrs {
  const found = SESSION_ATTRS.find((each) => each === text);
  if (found) return found;
  throw new ToolError("invalid_input", `${source}: target_session_attrs is one of ${SESSION_ATTRS.join(", ")}.`);
}

function file(name: string | undefined): string | undefined {
  return name?.startsWith("~/") ? path.join(homedir(), name.slice(2)) : name;
}

/** libpq's lists: one port for each host, or one for all. */
function hosts(names: string, ports: string, source: string): readonly Host[] {
  const [each, numbers] = [names.split(","), ports.split(",").map((text) => (text === "" ? 5432 : Number(text)))];
  if (numbers.some((port) => !Number.isInteger(port) || port < 1 || port > 65535)) {
    throw new ToolError("invalid_input", `${source}: the port is a number from 1 to 65535.`);
  }
  return each.map((host, index) => ({ host: host || "localhost", port: numbers[index] ?? numbers[0] ?? 5432 }));
}
