import { ToolError } from "@org/server-kit";

type Values = Readonly<Record<string, string>>;

const HOST = String.raw`(?:\[[\da-f:.%]+\]|[\w.%-]*)(?::\d*)?`;
/** The part after the userinfo: hosts with ports, a database, parameters. */
const PLACE = new RegExp(`^(?<hosts>${HOST}(?:,${HOST})*)(?:/(?<database>[^?#]*))?(?:\\?(?<query>[^#]*))?$`, "i");

/**
 * Splits a connection URL into its parts, without the rules for web addresses: a password may contain `@ : / # ?`
 * unescaped. `%` is an escape only if two hexadecimal digits follow everywhere.
 * @throws ToolError `invalid_input`, with what to write instead, but without any part of the URL
 */
export function parseUrl(text: string, source: string): Values {
  const rest = text.slice(text.indexOf("://") + 3);
  // The last `@` with a valid rest: earlier ones belong to the password, later ones to a parameter.
  const ends = [...rest.matchAll(/@/g)].map(({ index }) => index).toReversed();
  for (const at of ends.length > 0 ? ends : [-1]) {
    const place = PLACE.exec(rest.slice(at + 1))?.groups;
    if (!place) continue;
    const [, user = "", password] = /^([^:]*)(?::(.*))?$/s.exec(at < 0 ? "" : rest.slice(0, at)) ?? [];
    const { hosts, ports } = splitHosts(place.hosts ?? "");
    return {
      ...parameters(place.query ?? ""),
      ...(hosts && { host: decode(hosts) }),
      ...(ports && { port: ports }),
      ...(user && { user: decode(user) }),
      ...(password && { password: decode(password) }),
      ...(place.database && { dbname: decode(place.database) }),
    };
  }
  throw new ToolError(
    "invalid_input",
    `${source} cannot be split into postgres://user:password@host:port/database?parameters. In user, password and database, ` +
      "write % as %25, @ as %40, : as %3A, / as %2F, # as %23 and ? as %3F.",
  );
}

function splitHosts(text: string): { hosts: string; ports: string } {
  const each = text === "" ? [] : text.split(",").map((one) => /^(\[.*\]|[^:]*)(?::(\d*))?$/.exec(one) ?? []);
  const ports = each.map(([, , port = ""]) => port);
  const names = each.map(([, host = ""]) => host.replace(/^\[(.*)\]$/, "$1"));
  return { hosts: names.join(","), ports: ports.some(Boolean) ? ports.join(",") : "" };
}

function parameters(query: string): Values {
  const pairs = query.split("&").filter(Boolean);
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, key = "", value = ""] = /^([^=]*)=?(.*)$/s.exec(pair) ?? [];
      return [decode(key), decode(value)];
    }),
  );
}

/** A text with an invalid escape is taken literally as a whole. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** libpq's other form: `host=localhost dbname='my db'`. */
export function parseConninfo(text: string, source: string): Values {
  const values: Record<string, string> = {};
  const pair = /\s*(\w+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s'\\]|\\.)*))(?:\s+|$)/sy;
  while (pair.lastIndex < text.length) {
    const [, key = "", quoted, bare = ""] = pair.exec(text) ?? [];
    if (key === "") {
      throw new ToolError("invalid_input", `${source}: write key=value pairs, a value with blanks in single quotes.`);
    }
    values[key] = (quoted ?? bare).replace(/\\(.)/gs, "$1");
  }
  return values;
}
