import { ToolError } from "@org/server-kit";
import type { Databases } from "./connection/databases.ts";
import { admit, prepare } from "./guard/guard.ts";
import type { Policy } from "./guard/policy.ts";
import { roleSql } from "./role-sql.ts";

export interface CommandOptions {
  readonly check: string | undefined;
  readonly printRoleSql: boolean;
  readonly schemas: readonly string[];
  readonly tables: readonly string[];
  readonly poolSize: number;
}

export interface Outcome {
  readonly text: string;
  readonly code: number;
}

/** The output of `--check` or `--print-role-sql`, which replaces serving; undefined without them. */
export async function runCommand(
  options: CommandOptions,
  databases: Databases,
  policy: Policy,
): Promise<Outcome | undefined> {
  const { check, printRoleSql, schemas, tables, poolSize } = options;
  if (printRoleSql) return { text: roleSql(schemas, tables, poolSize), code: 0 };
  return check === undefined ? undefined : verdict(check, databases, policy);
}

/** What the text alone decides needs no database; the rest needs its catalogue. */
async function verdict(sql: string, databases: Databases, policy: Policy): Promise<Outcome> {
  const prepared = await prepare(sql, undefined).catch(asRefusal);
  if ("text" in prepared) return prepared;
  const [name] = databases.names;
  try {
    const read = databases.find(name).read(new AbortController().signal, (session) => admit(session, prepared, policy));
    await read;
    return { text: `allowed, by the catalogue of ${name}\n`, code: 0 };
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    if (error.code !== "unavailable") return asRefusal(error);
    return {
      text: `allowed as far as its text says; functions, operators and views are judged by a database's catalogue, and ${error.message}\n`,
      code: 0,
    };
  }
}

function asRefusal(error: unknown): Outcome {
  if (error instanceof ToolError) return { text: `${error.message}\n`, code: 1 };
  throw error;
}
