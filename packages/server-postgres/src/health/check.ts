import type * as z from "zod";
import { type Catalog, readRows } from "../catalog/catalog.ts";

export type Severity = "critical" | "warning" | "notice";

/** Something that a check found, with what to do about it. */
export interface Finding {
  readonly severity: Severity;
  /** The table, index, sequence, role or session; null for the whole server or database. */
  readonly object: string | null;
  readonly finding: string;
  /** What was measured, with its unit. */
  readonly figure: string;
  /** From where on it is a finding. */
  readonly threshold: string;
  readonly advice: string;
  /** The statement that ends it, for a person to run: this server runs none. */
  readonly sql: string | null;
}

/** One question to the catalogue, whose rows may be findings. */
export interface Check {
  readonly area: Area;
  /** What is looked at, in words. */
  readonly title: string;
  /** What was found, and what this role could not see. */
  run(catalog: Catalog): Promise<{ readonly findings: readonly Finding[]; readonly unseen?: string }>;
}

export type Area = "memory" | "indexes" | "tables" | "vacuum" | "sequences" | "sessions" | "replication" | "role";

interface Definition<S extends z.ZodObject> {
  readonly area: Area;
  readonly title: string;
  readonly sql: string | ((version: number) => string);
  readonly row: S;
  /** The finding that a row is. */
  find(row: z.output<S>): Finding | undefined;
  /** What of the rows this role may not see. */
  unseen?(rows: readonly z.output<S>[]): string | undefined;
}

export function defineCheck<S extends z.ZodObject>({ area, title, sql, row, find, unseen }: Definition<S>): Check {
  return {
    area,
    title,
    async run(catalog) {
      const text = typeof sql === "string" ? sql : sql(catalog.session.facts.version);
      const rows = await readRows(catalog, row, text);
      const hidden = unseen?.(rows);
      return {
        findings: rows.flatMap((one) => find(one) ?? []),
        ...(hidden !== undefined && { unseen: hidden }),
      };
    },
  };
}

/** The name of a relation whose pg_class is `c` and whose pg_namespace is `n`. */
export const NAME = "format('%I.%I', n.nspname, c.relname)";

export const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)}%`;
