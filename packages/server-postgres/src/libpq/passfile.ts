import { readFile, stat } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { ToolError } from "@org/server-kit";

/** The account for which a password is needed. */
export interface Account {
  /** A name, an address, or the directory of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

/** libpq's default path. */
const defaultFile = () =>
  process.platform === "win32"
    ? path.join(process.env.APPDATA ?? "", "postgresql", "pgpass.conf")
    : path.join(homedir(), ".pgpass");

/**
 * The password that libpq would take from its password file: the one in the first matching line.
 * @param file `passfile` or `PGPASSFILE`; by default `~/.pgpass`
 * @throws ToolError if others may read the file, which libpq then ignores
 */
export async function passwordFromFile(file: string | undefined, account: Account): Promise<string | undefined> {
  const name = file ?? defaultFile();
  const facts = await stat(name).catch(() => undefined);
  if (!facts?.isFile()) return undefined;
  if (process.platform !== "win32" && (facts.mode & 0o077) !== 0) {
    throw new ToolError(
      "access_denied",
      "the server asks for a password, and the password file (PGPASSFILE, ~/.pgpass) is left out, since others may read it. " +
        "Give it the mode 0600.",
    );
  }
  return findPassword(await readFile(name, "utf8"), account);
}

/** Lines of `host:port:database:user:password`; `*` matches anything, and a backslash escapes a colon or a backslash. */
export function findPassword(text: string, { host, port, database, user }: Account): string | undefined {
  const hosts = host.startsWith("/") ? [host, "localhost"] : [host];
  for (const line of text.split(/\r?\n/)) {
    if (line === "" || line.startsWith("#")) continue;
    const [forHost, forPort, forDatabase, forUser, password] = [...line.matchAll(/((?:\\.|[^:\\])*)(?::|$)/g)].map(
      ([, field = ""]) => field,
    );
    const fits = (field: string | undefined, value: string) => field === "*" || unescaped(field ?? "") === value;
    if (!hosts.some((each) => fits(forHost, each))) continue;
    if (fits(forPort, String(port)) && fits(forDatabase, database) && fits(forUser, user) && password !== undefined)
      return unescaped(password);
  }
  return undefined;
}

const unescaped = (field: string) => field.replace(/\\(.)/g, "$1");
