import type { Param } from "../connection/types.ts";
import type { Parameter } from "../grammar/tree.ts";

export interface Renumbered {
  readonly sql: string;
  readonly params: readonly Param[];
  /** The original numbers of the parameters: `$1` was `$numbers[0]`. */
  readonly numbers: readonly number[];
}

/**
 * Renumbers parameters without gaps. A statement from a log may use only `$3`, but PostgreSQL cannot infer the type of
 * a `$1` that is not used, and refuses it.
 * @param places each parameter of `sql`
 */
export function withoutUnused(sql: string, places: readonly Parameter[], params: readonly Param[]): Renumbered {
  const numbers = [...new Set(places.map(({ number }) => number))].toSorted((a, b) => a - b);
  if (numbers.every((number, at) => number === at + 1)) return { sql, params, numbers };
  // The grammar's offsets are in bytes.
  const bytes = Buffer.from(sql);
  const parts: string[] = [];
  let done = 0;
  for (const { at, number } of places.toSorted((a, b) => a.at - b.at)) {
    parts.push(bytes.subarray(done, at).toString(), `$${numbers.indexOf(number) + 1}`);
    const [written = ""] = /^\$\d+/.exec(bytes.subarray(at, at + 12).toString("latin1")) ?? [];
    done = at + written.length;
  }
  parts.push(bytes.subarray(done).toString());
  return {
    sql: parts.join(""),
    params: params.length === 0 ? params : numbers.map((number) => params[number - 1] ?? null),
    numbers,
  };
}
