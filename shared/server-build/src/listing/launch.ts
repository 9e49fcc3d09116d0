import { exampleOf, type Listing } from "./listing.ts";

/** How a host starts a server itself. */
export interface Launch {
  readonly key: string;
  /** The name that the host shows. */
  readonly title: string;
  readonly description: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The names of variables that hold passwords and tokens. */
  readonly secrets: readonly string[];
}

/** How a host reaches a server that is already running. */
export interface Remote {
  readonly key: string;
  readonly title: string;
  readonly url: string;
  /** The text after "Bearer" in the `Authorization` header; undefined without a token. */
  readonly token?: string;
}

export const PORT = 3000;
/** The placeholder for the token in snippets: shells and most hosts replace it by the variable's value. */
export const TOKEN_VARIABLE = "MCP_HTTP_TOKEN";
const TOKEN = "your-token";

/** @param package_ what npx runs: the package, or a tarball of it in a test */
export function launchOf(listing: Listing, package_ = listing.package): Launch {
  const { args, env } = exampleOf(listing);
  const { key, title, description, options } = listing;
  const secrets = options.flatMap((option) => (option.secret && option.env ? [option.env] : []));
  return { key, title, description, command: "npx", args: ["-y", package_, ...args], env, secrets };
}

export function remoteOf({ key, title }: Listing, token: string | undefined = TOKEN, url = localUrl(PORT)): Remote {
  return { key, title, url, ...(token && { token }) };
}

export const localUrl = (port: number) => `http://127.0.0.1:${port}/mcp`;

/** The entry that most hosts read under a server's key. */
export function entryOf({ command, args, env }: Launch) {
  return { command, args, ...(Object.keys(env).length > 0 && { env }) };
}

export function headersOf({ token }: Remote) {
  return token === undefined ? {} : { headers: { Authorization: `Bearer ${token}` } };
}

/** JSON as people write it: lists and objects of plain values are on one line, unless it gets long. */
export function prettyJson(value: unknown, indent = ""): string {
  const flat = JSON.stringify(value, null, 1)?.replace(/\n\s*/g, " ") ?? "null";
  if (typeof value !== "object" || value === null) return flat;
  const parts = Object.entries(value);
  const isPlain = parts.every(([, part]) => typeof part !== "object" || part === null);
  if (parts.length === 0 || (isPlain && Array.isArray(value) && flat.length < 100))
    return flat.replace(/^\[ | \]$/g, (end) => end.trim());
  const inner = `${indent}  `;
  const lines = parts.map(([key, part]) => {
    return `${inner}${Array.isArray(value) ? "" : `${JSON.stringify(key)}: `}${prettyJson(part, inner)}`;
  });
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return `${open}\n${lines.join(",\n")}\n${indent}${close}`;
}

/** A word quoted for a POSIX shell; `~/` stays unquoted, for the shell to expand. */
export function shellWord(word: string): string {
  if (/^[\w@%+=:,./~-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

export const shellWords = (words: readonly string[]) => words.map(shellWord).join(" ");
