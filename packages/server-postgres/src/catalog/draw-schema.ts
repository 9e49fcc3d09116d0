import * as z from "zod";
import { type Catalog, readJson } from "./catalog.ts";
import { IN_SCOPE, OF_USERS } from "./scope.ts";

/** The most tables in a diagram: with more it is unreadable. */
export const MOST_TABLES = 60;
/** Columns drawn of each table; those with keys are always drawn. */
const MOST_COLUMNS = 25;

const Facts = z.object({
  tables: z.array(
    z.object({
      oid: z.number(),
      name: z.string(),
      columns: z.array(z.object({ number: z.number(), name: z.string(), type: z.string(), required: z.boolean() })),
      primary: z.array(z.number()),
      /** Sets of columns whose values are unique. */
      unique: z.array(z.array(z.number())),
    }),
  ),
  keys: z.array(z.object({ from: z.number(), to: z.number(), columns: z.array(z.number()) })),
});
type Table = z.output<typeof Facts>["tables"][number];
type Key = z.output<typeof Facts>["keys"][number];

export interface Diagram {
  /** The diagram in Mermaid. */
  readonly text: string;
  readonly drawn: number;
  readonly links: number;
  /** Names of tables that did not fit: those with the fewest links. */
  readonly left: readonly string[];
}

export interface Drawing {
  readonly schema?: string | undefined;
  /** The tables to draw; by default the whole schema, or all schemas. */
  readonly oids?: readonly number[] | undefined;
  /** Characters available: columns without a key are dropped first, then tables with few links. */
  readonly room: number;
}

/** Draws tables, their columns and foreign keys as a Mermaid ER diagram. */
export async function drawSchema(catalog: Catalog, { schema, oids, room }: Drawing): Promise<Diagram> {
  const params = [catalog.scope, schema ?? null, oids ? JSON.stringify(oids) : null];
  const { tables, keys } = await readJson(catalog, Facts, FACTS, params);
  const links = new Map<number, number>();
  for (const { from, to } of keys) for (const oid of [from, to]) links.set(oid, (links.get(oid) ?? 0) + 1);
  const ranked = [...tables].sort((a, b) => (links.get(b.oid) ?? 0) - (links.get(a.oid) ?? 0));
  let count = Math.min(ranked.length, MOST_TABLES);
  let columns = MOST_COLUMNS;
  for (;;) {
    const shown = new Set(ranked.slice(0, count).map(({ oid }) => oid));
    const diagram = draw(
      tables.filter(({ oid }) => shown.has(oid)),
      keys.filter(({ from, to }) => shown.has(from) && shown.has(to)),
      columns,
    );
    if (diagram.text.length <= room || count <= 1)
      return { ...diagram, left: ranked.slice(count).map(({ name }) => name) };
    if (columns > 0) columns = 0;
    else count = Math.floor(count * 0.8);
  }
}

function draw(tables: readonly Table[], keys: readonly Key[], mostColumns: number): Omit<Diagram, "left"> {
  const names = uniqueNames(tables);
  const nameOf = (oid: number) => names.get(oid) ?? String(oid);
  const text = [
    "erDiagram",
    ...tables.flatMap((table) => entity(table, nameOf(table.oid), keys, mostColumns)),
    ...keys.map((key) => `  ${relationship(key, tables, nameOf)}`),
  ].join("\n");
  return { text, drawn: tables.length, links: keys.length };
}

function entity(table: Table, name: string, keys: readonly Key[], most: number): string[] {
  const foreign = new Set(keys.filter(({ from }) => from === table.oid).flatMap(({ columns }) => columns));
  const isKey = (number: number) => foreign.has(number) || table.primary.includes(number);
  const columns = table.columns.filter(({ number }, at) => at < most || isKey(number));
  const left = table.columns.length - columns.length;
  const label = name === table.name ? name : `${name}["${table.name.replace(/["\\%]/g, "'")}"]`;
  return [
    `  ${label} {`,
    ...columns.map(({ number, name, type }) => {
      const marks = [
        table.primary.includes(number) && "PK",
        foreign.has(number) && "FK",
        isAlone(table.unique, number) && !isAlone([table.primary], number) && "UK",
      ].filter(Boolean);
      return `    ${word(type.replace(/^.*\./, ""))} ${word(name)}${marks.length > 0 ? ` ${marks.join(", ")}` : ""}`;
    }),
    ...(left > 0 ? [`    and ${left}_more_columns`] : []),
    "  }",
  ];
}

/** Whether one of the lists consists of this column only. */
const isAlone = (lists: readonly (readonly number[])[], column: number) =>
  lists.some((list) => list.length === 1 && list[0] === column);

/** `customers ||--o{ orders : customer_id`: a row of orders has exactly one, or at most one, row of customers. */
function relationship({ from, to, columns }: Key, tables: readonly Table[], nameOf: (oid: number) => string): string {
  const child = tables.find(({ oid }) => oid === from);
  const isRequired = columns.every((one) => child?.columns.find(({ number }) => number === one)?.required);
  const isUnique = child?.unique.some((list) => list.length > 0 && list.every((one) => columns.includes(one)));
  const label = columns.map((one) => child?.columns.find(({ number }) => number === one)?.name ?? "").join(", ");
  const line = `${isRequired ? "||" : "|o"}--${isUnique ? "o|" : "o{"}`;
  return `${nameOf(to)} ${line} ${nameOf(from)} : "${label.replace(/["\\]/g, "'")}"`;
}

/** Mermaid treats these words as keywords even where a name is expected. */
const KEYWORDS = /^(erdiagram|acctitle|accdescr|style|class|classdef|subgraph|end|one|many|to|title|direction)$/i;

/** Valid names for Mermaid, by oid; `app.orders` becomes `orders` unless two tables have that name. */
function uniqueNames(tables: readonly Table[]): Map<number, string> {
  const names = new Map<number, string>();
  const taken = new Set<string>();
  for (const { oid, name } of tables) {
    const short = word(name.replace(/^.*\./, ""));
    const plain = KEYWORDS.test(short) ? `${short}_` : short;
    const free = [plain, word(name), `${word(name)}_${oid}`].find((one) => !taken.has(one)) ?? String(oid);
    taken.add(free);
    names.set(oid, free);
  }
  return names;
}

/** Names and types in Mermaid consist of letters, digits and `_`. */
function word(text: string): string {
  const plain = text.replace(/[^\p{L}\p{N}_]+/gu, "_").replace(/^_+(?=.)|(?<=.)_+$/g, "");
  return /^[\p{L}_]/u.test(plain) ? plain : `t_${plain}`;
}

const numbers = (vector: string) => `(SELECT coalesce(json_agg(k), '[]') FROM unnest(${vector}) k)`;

const FACTS = `
WITH shown AS (
  SELECT c.oid, n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND (NOT c.relispartition OR $3::jsonb IS NOT NULL) AND ${IN_SCOPE}
    AND CASE WHEN $3::jsonb IS NOT NULL THEN $3::jsonb @> to_jsonb(c.oid::int8)
             WHEN $2::text IS NOT NULL THEN n.nspname = $2 ELSE ${OF_USERS} END
    -- Those of extensions, such as spatial_ref_sys, say nothing of the schema: they are drawn when they are named.
    AND ($3::jsonb IS NOT NULL OR NOT EXISTS (SELECT FROM pg_depend d
      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'))
)
SELECT json_build_object(
  'tables', coalesce((SELECT json_agg(json_build_object(
    'oid', s.oid::int8, 'name', s.nspname || '.' || s.relname,
    'columns', coalesce((SELECT json_agg(json_build_object('number', a.attnum, 'name', a.attname,
        'type', format_type(a.atttypid, NULL), 'required', a.attnotnull) ORDER BY a.attnum)
      FROM pg_attribute a WHERE a.attrelid = s.oid AND a.attnum > 0 AND NOT a.attisdropped), '[]'),
    'primary', coalesce((SELECT ${numbers("(x.indkey::int2[])[0:x.indnkeyatts - 1]")} FROM pg_index x
      WHERE x.indrelid = s.oid AND x.indisprimary), '[]'),
    'unique', coalesce((SELECT json_agg(${numbers("(x.indkey::int2[])[0:x.indnkeyatts - 1]")}) FROM pg_index x
      WHERE x.indrelid = s.oid AND x.indisunique AND x.indpred IS NULL AND x.indexprs IS NULL), '[]')
  ) ORDER BY s.nspname, s.relname) FROM shown s), '[]'),
  'keys', coalesce((SELECT json_agg(json_build_object('from', k.conrelid::int8, 'to', k.confrelid::int8,
      'columns', ${numbers("k.conkey")}) ORDER BY k.conname)
    FROM pg_constraint k WHERE k.contype = 'f' AND k.conparentid = 0
      AND k.conrelid IN (SELECT oid FROM shown) AND k.confrelid IN (SELECT oid FROM shown)), '[]'))`;
