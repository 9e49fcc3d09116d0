/** Facts of a line: values that JSON can hold. */
export type Fields = Readonly<Record<string, unknown>>;

/** Structured lines to stderr. Never arguments at `info`, never secrets. */
export interface Log {
  debug(event: string, fields?: Fields): void;
  info(event: string, fields?: Fields): void;
  warn(event: string, fields?: Fields): void;
  error(event: string, fields?: Fields): void;
  /** Whether lines of this level are written, to spare the work of making them. */
  enabled(level: LogLevel): boolean;
}

export const LOG_LEVELS = ["debug", "info", "warning", "error", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export const LOG_FORMATS = ["json", "text"] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** Where lines go: `process.stderr`, or a stand-in. */
export interface Sink {
  readonly writableLength: number;
  write(text: string): boolean;
  once(event: "drain", listener: () => void): unknown;
}

/** Characters held for a reader that has stopped reading; what comes on top is dropped and counted. */
const HELD_LIMIT = 256 * 1024;

/**
 * Lines are gathered per turn of the event loop and written at once: a call costs microseconds, and a host
 * that never drains stderr costs {@link HELD_LIMIT} characters instead of stopping the server.
 */
export function createLog(
  level: LogLevel,
  format: LogFormat,
  sink: () => Sink = () => process.stderr,
): Log & { flush(): void } {
  const threshold = LOG_LEVELS.indexOf(level);
  let held: string[] = [];
  let size = 0;
  let dropped = 0;
  let scheduled = false;

  const enabled = (at: LogLevel) => LOG_LEVELS.indexOf(at) >= threshold && level !== "silent";
  const line = (at: LogLevel, event: string, fields: Fields) => {
    const time = new Date().toISOString();
    return format === "json" ? `${toJson({ time, level: at, event, ...fields })}\n` : toText(time, at, event, fields);
  };

  const flush = () => {
    scheduled = false;
    if (held.length === 0) return;
    const stderr = sink();
    if (stderr.writableLength > HELD_LIMIT) {
      dropped += held.length;
      held = [];
      size = 0;
      return;
    }
    if (dropped > 0) {
      held.unshift(line("warning", "log lines dropped: nobody read stderr", { count: dropped }));
      dropped = 0;
    }
    const text = held.join("");
    held = [];
    size = 0;
    stderr.write(text);
  };

  const write = (at: LogLevel, event: string, fields: Fields = {}) => {
    if (!enabled(at)) return;
    if (size > HELD_LIMIT) {
      dropped += 1;
      return;
    }
    const text = line(at, event, fields);
    held.push(text);
    size += text.length;
    if (scheduled) return;
    scheduled = true;
    setImmediate(flush);
  };

  return {
    debug: (event, fields) => write("debug", event, fields),
    info: (event, fields) => write("info", event, fields),
    warn: (event, fields) => write("warning", event, fields),
    error: (event, fields) => write("error", event, fields),
    enabled,
    flush,
  };
}

function toText(time: string, level: LogLevel, event: string, fields: Fields): string {
  const facts = Object.entries(fields).filter(([, value]) => value !== undefined);
  return `${time} ${level} ${event}${facts.map(([key, value]) => ` ${key}=${plain(value)}`).join("")}\n`;
}

/** One line whatever the value holds: a newline in a value must not forge a line of the log. */
function plain(value: unknown): string {
  return typeof value === "string" && /^[\w.:/@+-]+$/.test(value) ? value : (toJson(value) ?? "undefined");
}

/** A value that JSON cannot hold (a cycle, a BigInt) must not turn a log line into a crash. */
function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return JSON.stringify(String(value));
  }
}
