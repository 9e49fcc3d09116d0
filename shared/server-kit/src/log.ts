/** The fields of a line: values that JSON can represent. */
export type Fields = Readonly<Record<string, unknown>>;

/** Structured lines to stderr. Never arguments at `info`, never secrets. */
export interface Log {
  debug(event: string, fields?: Fields): void;
  info(event: string, fields?: Fields): void;
  warn(event: string, fields?: Fields): void;
  error(event: string, fields?: Fields): void;
  /** Whether lines of this level are written; check it before preparing an expensive line. */
  enabled(level: LogLevel): boolean;
  /** Writes all pending lines, at the end of the process. */
  flush(): void;
}

export const LOG_LEVELS = ["debug", "info", "warning", "error", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export const LOG_FORMATS = ["json", "text"] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** Where lines go: `process.stderr`, or a stand-in. */
export type Sink = Pick<NodeJS.WriteStream, "write" | "writableLength"> & {
  once(event: "drain", listener: () => void): unknown;
};

/** Characters kept for a reader that has stopped reading; lines beyond that are dropped and counted. */
const HELD = 256 * 1024;

/**
 * Lines are collected per turn of the event loop and written together. A line costs microseconds, and a host that never
 * drains stderr costs twice {@link HELD} characters instead of blocking the server.
 */
export function createLog(level: LogLevel, format: LogFormat, sink: () => Sink = () => process.stderr): Log {
  const threshold = LOG_LEVELS.indexOf(level);
  const render = format === "json" ? toJson : toText;
  let held = "";
  let dropped = 0;
  let scheduled = false;

  const enabled = (at: LogLevel) => level !== "silent" && LOG_LEVELS.indexOf(at) >= threshold;
  const line = (at: LogLevel, event: string, fields?: Fields) =>
    `${plain(render({ time: new Date().toISOString(), level: at, event, ...fields }))}\n`;
  const flush = () => {
    scheduled = false;
    const stderr = sink();
    if (stderr.writableLength > HELD) {
      scheduled = true;
      stderr.once("drain", flush);
    } else if (held !== "" || dropped > 0) {
      const note = dropped > 0 ? line("warning", "lines dropped, nobody read stderr", { count: dropped }) : "";
      stderr.write(held + note);
      held = "";
      dropped = 0;
    }
  };
  const write = (at: LogLevel) => (event: string, fields?: Fields) => {
    if (!enabled(at)) return;
    if (held.length > HELD) dropped += 1;
    else held += line(at, event, fields);
    if (scheduled) return;
    scheduled = true;
    setImmediate(flush);
  };
  return { debug: write("debug"), info: write("info"), warn: write("warning"), error: write("error"), enabled, flush };
}

function toText({ time, level, event, ...fields }: Fields): string {
  const facts = Object.entries(fields).filter(([, value]) => value !== undefined);
  const word = (value: unknown) => (typeof value === "string" && /^[\w.:/@+-]+$/.test(value) ? value : toJson(value));
  return [time, level, event, ...facts.map(([key, value]) => `${key}=${word(value)}`)].join(" ");
}

/** A value that JSON cannot represent (a cycle, a BigInt) must not turn a log line into a crash. */
function toJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "null";
  } catch {
    return JSON.stringify(String(value));
  }
}

/** Characters that JSON does not escape but a terminal obeys: C1 controls, line separators, direction overrides. */
function plain(text: string): string {
  return text.replace(/[\x7f-\x9f\u2028\u2029\p{Cf}]/gu, (sign) => `\\u{${sign.codePointAt(0)?.toString(16)}}`);
}

/** The trace id in a caller's W3C `traceparent`, which relates its spans to our lines. */
export const traceOf = (parent: unknown): string | undefined =>
  /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/.test(String(parent)) ? String(parent) : undefined;
