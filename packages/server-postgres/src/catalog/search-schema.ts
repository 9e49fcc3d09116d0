import { nearest } from "@org/server-kit";
import * as z from "zod";
import { type Catalog, readRows } from "./catalog.ts";
import { IN_SCOPE, OF_USERS, READABLE_KINDS } from "./scope.ts";

const Thing = z.object({
  kind: z.enum(["table", "column", "function"]),
  /** The name of the table or function, as written in SQL. */
  sql_name: z.string(),
  name: z.string(),
  /** Details: `view`, `text not null`, `(a int) returns int`. */
  facts: z.string(),
  comment: z.string().nullable(),
  /** Whether it belongs to an extension, so it is rarely what the caller wants. */
  of_extension: z.boolean(),
});
type Thing = z.output<typeof Thing>;

export interface SchemaSearch {
  /** Best matches first. */
  readonly found: readonly Thing[];
  /** How many matches there are. */
  readonly total: number;
  /** Whether nothing matched all words of the query, so these match some of them. */
  readonly isPartial: boolean;
  /** Names similar to the query, if nothing was found. */
  readonly near: readonly string[];
}

/** The most candidates that the database sends for ranking. */
const MOST = 2000;

/** Searches the names and comments of tables, columns and functions for words. */
export async function searchSchema(catalog: Catalog, query: string, limit: number): Promise<SchemaSearch> {
  const words = wordsOf(query);
  const patterns = words.map((word) => `%${word.replace(/[\\%_]/g, "\\$&")}%`);
  const things = await readRows(catalog, Thing, MATCHING, [catalog.scope, JSON.stringify(patterns)]);
  const ranked = things.map((thing) => ({ thing, ...rank(thing, words, query) })).filter(({ score }) => score > 0);
  const isPartial = !ranked.some(({ hasAll }) => hasAll);
  const found = ranked
    .filter(({ hasAll }) => hasAll || isPartial)
    .sort((a, b) => b.score - a.score || (label(a.thing) < label(b.thing) ? -1 : 1))
    .map(({ thing }) => thing);
  const near = found.length === 0 ? await namesNear(catalog, query) : [];
  return { found: found.slice(0, limit), total: found.length, isPartial, near };
}

/** `app.orders.status`, or only the table or function. */
export const label = ({ kind, sql_name, name }: Thing): string =>
  kind === "column" ? `${sql_name}.${name}` : sql_name;

/** The words of a query in lower case; a plural also finds the singular. */
function wordsOf(query: string): string[] {
  const words = query.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.map((word) => (word.length > 3 && /[^s]s$/.test(word) ? word.slice(0, -1) : word));
}

/** Words of at least this length also match inside others: `by` should not find `bytes`. */
const LONG = 4;

/** Tests whether a text contains a word. A short one must be a separate part, as `id` in `customer_id` and `customerId`. */
const finder = (text: string) => {
  const [lower, parts] = [text.toLowerCase(), text.match(/\p{Lu}?[\p{Ll}\p{Lo}]+|\p{Lu}+|\p{N}+/gu)];
  const short = new Set(parts?.map((part) => part.toLowerCase()));
  return (word: string) => (word.length < LONG ? short.has(word) : lower.includes(word));
};

/** A name scores higher than a comment, and a whole name higher than a part. */
function rank({ kind, sql_name, name, comment, of_extension }: Thing, words: readonly string[], query: string) {
  const [inName, inPlace, isSaid] = [finder(name), finder(sql_name), finder(comment ?? "")];
  const lowerName = name.toLowerCase();
  const own = words.filter(inName).length;
  const around = words.filter((word) => kind === "column" && inPlace(word)).length;
  const inComment = words.filter(isSaid).length;
  const hasAll = words.every((word) => inName(word) || inPlace(word) || isSaid(word));
  // A column does not match merely because its table does.
  if (own + inComment === 0) return { score: 0, hasAll };
  const isExact = lowerName === query.trim().toLowerCase() || lowerName === words.join("_");
  const score = (isExact ? 100 : 0) + own * 10 + around * 2 + inComment * 3 + (kind === "table" ? 5 : 0);
  return { score: Math.max(1, score - (of_extension ? 50 : 0)), hasAll };
}

async function namesNear(catalog: Catalog, query: string): Promise<string[]> {
  const Name = z.object({ name: z.string() });
  const names = await readRows(catalog, Name, NAMES, [catalog.scope]);
  return nearest(
    query.trim().toLowerCase(),
    names.map(({ name }) => [name.toLowerCase(), name] as const),
  );
}

const TABLES = `FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ${READABLE_KINDS} AND NOT c.relispartition AND ${OF_USERS} AND ${IN_SCOPE}`;

const COLUMNS = `FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ${READABLE_KINDS} AND NOT c.relispartition
    AND ${OF_USERS} AND ${IN_SCOPE}`;

// A reader restricted to some tables is not shown the functions.
const FUNCTIONS = `FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE ${OF_USERS} AND $1::jsonb IS NULL`;

const ofExtension = (table: string, oid: string) =>
  `EXISTS (SELECT FROM pg_depend d WHERE d.classid = '${table}'::regclass AND d.objid = ${oid} AND d.deptype = 'e')`;

const MATCHING = `
WITH pattern AS (SELECT jsonb_array_elements_text($2::jsonb) AS text), thing AS (
  SELECT 'table' AS kind, format('%I.%I', n.nspname, c.relname) AS sql_name, c.relname::text AS name,
    CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table' ELSE 'table' END
      AS facts, obj_description(c.oid, 'pg_class') AS comment, ${ofExtension("pg_class", "c.oid")} AS of_extension ${TABLES}
  UNION ALL
  SELECT 'column', format('%I.%I', n.nspname, c.relname), a.attname,
    format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END,
    col_description(c.oid, a.attnum), ${ofExtension("pg_class", "c.oid")} ${COLUMNS}
  UNION ALL
  SELECT 'function', format('%I.%I', n.nspname, p.proname), p.proname,
    '(' || pg_get_function_identity_arguments(p.oid) || ')' || coalesce(' returns ' || pg_get_function_result(p.oid), ''),
    obj_description(p.oid, 'pg_proc'), ${ofExtension("pg_proc", "p.oid")} ${FUNCTIONS}
)
SELECT * FROM thing WHERE EXISTS (SELECT FROM pattern WHERE thing.name ILIKE text OR thing.comment ILIKE text)
ORDER BY of_extension, kind = 'column' LIMIT ${MOST}`;

const NAMES = `SELECT c.relname AS name ${TABLES} UNION SELECT a.attname ${COLUMNS} LIMIT 20000`;
