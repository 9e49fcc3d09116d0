import * as z from "zod";

const Rows = z.array(z.record(z.string(), z.unknown()));

/** One field of each row of an answer. */
export const column = (rows: unknown, name: string): string[] => Rows.parse(rows).map((row) => String(row[name]));
