import type { Log } from "@org/server-kit";

/** Collects what is logged. */
export interface TestLog extends Log {
  readonly lines: string[];
}

export function makeLog(): TestLog {
  const lines: string[] = [];
  const write = (level: string) => (event: string, fields?: object) => {
    lines.push(`${level} ${event} ${JSON.stringify(fields ?? {})}`);
  };
  return {
    lines,
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
    enabled: () => true,
    flush: () => {},
  };
}
