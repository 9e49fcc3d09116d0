import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { quote, ToolError } from "@org/server-kit";

type Values = Readonly<Record<string, string | undefined>>;

/**
 * The parameters of a service, from libpq's connection service files: the user's first, then the system's.
 * @throws ToolError `invalid_input` if neither defines it
 */
export function serviceValues(name: string, env: Values): Values {
  const files = [
    env.PGSERVICEFILE ?? path.join(homedir(), ".pg_service.conf"),
    ...(env.PGSYSCONFDIR ? [path.join(env.PGSYSCONFDIR, "pg_service.conf")] : []),
  ];
  for (const file of files) {
    const found = findService(textOf(file), name);
    if (found) return found;
  }
  throw new ToolError(
    "invalid_input",
    `there is no service ${quote(name)} in PGSERVICEFILE (by default ~/.pg_service.conf), nor in pg_service.conf of PGSYSCONFDIR.`,
  );
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** Lines of `key=value` below `[name]`. */
export function findService(text: string, name: string): Values | undefined {
  let found: Record<string, string> | undefined;
  for (const line of text.split(/\r?\n/).map((each) => each.trim())) {
    const [, section] = /^\[(.*)\]/.exec(line) ?? [];
    if (section !== undefined) {
      if (found) break;
      if (section === name) found = {};
    } else if (found && !line.startsWith("#")) {
      const [, key, value = ""] = /^([^=\s]+)\s*=\s*(.*)$/.exec(line) ?? [];
      if (key !== undefined) found[key] = value;
    }
  }
  return found;
}
