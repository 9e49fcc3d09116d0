import type * as z from "zod";
import { type Catalog, readRows } from "../catalog/catalog.ts";

export type Severity = "critical" | "warning" | "notice";

/** Something that a check found, with what to do about it. */
export interface Finding {
  readonly severity: Severity;
  /** The table, index, sequence, role or session; null for the whole server or database. */
  readonly object: string | null;
  readonly finding: string;
  /** The measured value, with its unit. */
  readonly figure: string;
  /** The value from which it counts as a finding. */
  readonly threshold: string;
  readonly advice: string;
  /** The statement that fixes it, for a person to run: this server never runs it. */
  readonly sql: string | null;
}

/** A query to the catalogue, whose rows may be findings. */
export interface Check {
  readonly area: Area;
  /** What it checks, in words. */
  readonly title: string;
  /** The findings, and what this role could not see. */
  run(catalog: Catalog): Promise<{ readonly findings: readonly Finding[]; readonly unseen?: string }>;
}

export type Area = "memory" | "indexes" | "tables" | "vacuum" | "sequences" | "sessions" | "replication" | "role";

interface Definition<S extends z.ZodObject> {
  readonly area: Area;
  readonly title: string;
  readonly sql: string | ((version: number) => string);
  readonly row: S;
  /** The finding for a row, if any. */
  find(row: z.output<S>): Finding | undefined;
  /** What this role may not see of the rows. */
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

/** The name of a relation, with `c` for its pg_class row and `n` for its pg_namespace row. */
export const NAME = "format('%I.%I', n.nspname, c.relname)";

export const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)}%`;
