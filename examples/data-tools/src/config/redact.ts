/** Names of values that only the program should see: dbPassword, API_KEY, access-token; not maxTokens. */
const SECRET =
  /pass(?:word|wd|phrase)?$|secret|api[-_]?key|private[-_]?key|access[-_]?key|token$|credential|^auth(?:orization)?$/i;
/** `postgres://user:password@host`. */
const IN_URL = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:)[^\s@]*(?=@)/gi;

export const REDACTED = "[redacted]";

/** A JSON value without its secrets: values with such names, including lists of them, and passwords in URLs. */
export function redact(value: unknown): unknown {
  if (typeof value === "string") return value.replace(IN_URL, `$1${REDACTED}`);
  if (Array.isArray(value)) return value.map(redact);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).map(([key, inner]) => [key, isSecret(key, inner) ? REDACTED : redact(inner)]);
  return Object.fromEntries(fields);
}

/** A flag such as `resetPassword: true` reveals nothing. */
const isSecret = (key: string, value: unknown) => SECRET.test(key) && typeof value !== "boolean" && value !== null;
