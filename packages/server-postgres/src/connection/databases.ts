import { type Log, nearest, once, quote, ToolError } from "@org/server-kit";
import { demoSettings } from "../demo/demo.ts";
import { createDatabase } from "./database.ts";
import { hasPgVariables, readSettings, type Settings } from "./settings.ts";
import type { Database } from "./types.ts";

/** The configured databases. */
export interface Databases {
  readonly names: readonly string[];
  /**
   * The database for a tool's `database` parameter; by default the only one.
   * @throws ToolError `not_found`, with the nearest name
   */
  find(name: string | undefined): Database;
  close(): Promise<void>;
}

export interface DatabasesOptions {
  /** `name=ENVIRONMENT_NAME`. */
  readonly database: readonly string[];
  /** Whether the demo's database is the only one. */
  readonly demo: boolean;
  readonly schemas: readonly string[];
  readonly poolSize: number;
  readonly connectTimeout: number;
  readonly timeoutMs: number;
}

type Env = Readonly<Record<string, string | undefined>>;

/** @throws ToolError `invalid_input` for mistakes on the command line; a call reports a missing database */
export function openDatabases(options: DatabasesOptions, env: Env, log: Log): Databases {
  const { timeoutMs, schemas, connectTimeout } = options;
  const make = (name: string, settings: () => Settings, poolSize = options.poolSize) =>
    createDatabase({ name, settings, poolSize, timeoutMs, schemas, log });
  // The demo supports only one session.
  const demo = () => make("demo", once(demoSettings), 1);
  const found = options.demo
    ? [demo()]
    : options.database.length > 0
      ? options.database
          .map(named)
          .map(({ name, variable }) =>
            make(name, () => readSettings(needed(env, variable), variable, env, connectTimeout)),
          )
      : [make("default", () => onlyDatabase(env, connectTimeout))];
  const byName = new Map(found.map((database) => [database.name, database]));
  if (byName.size < found.length) throw new ToolError("invalid_input", "--database: two databases have the same name.");
  return {
    names: [...byName.keys()],
    find(name) {
      const database = name === undefined && found.length === 1 ? found[0] : byName.get(name ?? "");
      if (database) return database;
      const names = [...byName.keys()].join(", ");
      if (name === undefined) throw new ToolError("invalid_input", `database is missing. Choose one of ${names}.`);
      const near = nearest(
        name,
        found.map((each) => [each.name, each.name]),
      );
      const hint = near.length > 0 ? ` Did you mean ${near.join(" or ")}?` : "";
      throw new ToolError("not_found", `there is no database ${quote(name)}.${hint} There are ${names}.`);
    },
    close: async () => void (await Promise.all(found.map((database) => database.close()))),
  };
}

function named(text: string): { name: string; variable: string } {
  const [, name = "", variable = ""] = /^([\w-]+)=([A-Za-z_]\w*)$/.exec(text) ?? [];
  if (name !== "") return { name, variable };
  // The value is not quoted: it may be a URL with a password.
  throw new ToolError(
    "invalid_input",
    "--database takes name=VARIABLE, where the environment variable holds the URL: --database shop=SHOP_URL. A URL itself does not " +
      "belong on a command line, where every user of the machine can read it.",
  );
}

function needed(env: Env, variable: string): string {
  const text = env[variable];
  if (text) return text;
  throw new ToolError("unavailable", `the environment variable ${variable} is not set. Set it to the database's URL.`, {
    retryable: false,
  });
}

function onlyDatabase(env: Env, connectTimeout: number): Settings {
  const url = env.DATABASE_URL;
  if (url || hasPgVariables(env)) return readSettings(url, "DATABASE_URL", env, connectTimeout);
  throw new ToolError(
    "unavailable",
    "no database is configured. Set DATABASE_URL (postgres://user:password@host:5432/database) or the PG* variables in the host's " +
      "configuration of this server, or start it with --demo to try it without one.",
    { retryable: false },
  );
}
