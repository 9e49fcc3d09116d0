import * as z from "zod";
import { array, marked } from "../../connection/sql.ts";
import type { Session } from "../../connection/types.ts";
import { lettersOf } from "../text/names.ts";
import type { Name } from "../text/relations.ts";
import { NAMES, OPERATORS, PROCEDURES, RELATIONS, TYPES } from "./questions.ts";

const Oid = z.string();
/** Of what PostgreSQL's first start made, which nobody but a superuser changes. */
const Origin = z.enum(["built-in", "extension", "user"]);
export type Origin = z.output<typeof Origin>;

const Argument = z.object({
  name: z.string(),
  type: Oid,
  /** `typtype`: c for rows, p for pseudo-types such as anyelement. */
  kind: z.string(),
  /** Types that become this one without being asked to. */
  from: z.array(z.string()),
});

const Procedure = z.object({
  oid: Oid,
  schema: z.string(),
  name: z.string(),
  /** `prokind`: f function, a aggregate, w window function, p procedure. */
  kind: z.string(),
  volatility: z.string(),
  isDefiner: z.boolean(),
  language: z.string(),
  origin: Origin,
  /** Its schema's place in the search path; null when it is not in it. */
  place: z.number().nullable(),
  args: z.array(Argument),
  argNames: z.array(z.string()),
  defaults: z.number(),
  isVariadic: z.boolean(),
  /** The types that come in and out, and those in the rows that come out. */
  handles: z.array(z.string()),
  source: z.string().nullable(),
  /** Of PL/pgSQL, the CREATE FUNCTION. */
  definition: z.string().nullable(),
  /**
   * What the trees that the server keeps of it, or an aggregate's parts, refer to: SQL in the standard's form, and defaults. Of
   * one of an extension's, what somebody made that its text may find.
   */
  reaches: z.array(Oid),
  operators: z.array(Oid),
  relations: z.array(Oid),
  /** Types in those trees, and those that come in and out: a value that becomes a domain's runs its checks. */
  types: z.array(Oid),
  /** `SET search_path` of the function itself. */
  path: z.string().nullable(),
  /** Whether the function itself sets how its text is read. */
  isQuotedOtherwise: z.boolean(),
});
export type Procedure = z.output<typeof Procedure>;

const Operator = z.object({
  oid: Oid,
  schema: z.string(),
  name: z.string(),
  place: z.number().nullable(),
  /** Whether the catalogue has one for the same types, which then comes first. */
  isShadowed: z.boolean(),
  /** Types between two of which the catalogue has one of this name. */
  between: z.array(z.string()),
  args: z.array(Argument),
  /** Its function, those of its negator and commutator, which the planner puts in its place, and of its operator families. */
  procedures: z.array(Oid),
});
export type Operator = z.output<typeof Operator>;

const Relation = z.object({
  oid: Oid,
  schema: z.string(),
  name: z.string(),
  kind: z.string(),
  origin: Origin,
  place: z.number().nullable(),
  reaches: z.array(Oid),
  operators: z.array(Oid),
  relations: z.array(Oid),
  types: z.array(Oid),
  /** Functions in its row-level policies, when those are on. */
  policies: z.array(Oid),
  policyOperators: z.array(Oid),
  policyRelations: z.array(Oid),
  /** What {@link Stamp.columns} says of it alone. */
  written: z.string(),
  /** Its columns, each with the name of its type and its number. */
  columns: z.array(z.tuple([z.string(), z.string(), z.number()])),
  /** Domains that its columns have. */
  domains: z.array(Oid),
  /** The tables that it is a partition or a child of, and those that are of it, at any depth. */
  kin: z.array(z.tuple([z.string(), z.string()])),
  /** Generated columns, each with one that it is computed from. */
  generated: z.array(z.tuple([z.string(), z.string()])),
  /** The query of a view that somebody made; empty for anything else. */
  definition: z.string(),
  /** Whether a view passes rows of a table on as a whole, and so all of their columns. */
  hasWholeRow: z.boolean(),
  /** Of a view, the columns of tables that it reads: table and name. */
  reads: z.array(z.tuple([Oid, z.string()])),
});
export type Relation = z.output<typeof Relation>;

const Cast = z.object({
  source: z.string(),
  target: z.string(),
  procedure: Oid,
  /**
   * The type it comes from, or the one it goes to where only that was made by somebody; and what holds it: arrays, rows, domains,
   * ranges. Each with and without its schema.
   */
  around: z.array(z.tuple([z.string(), z.string()])),
});
export type Cast = z.output<typeof Cast>;

/** Types with the functions of the checks of domains in them, and what measures, compares and sorts their values. */
const Domain = z.object({
  oid: Oid,
  name: z.string(),
  reaches: z.array(Oid),
  operators: z.array(Oid),
  measures: z.array(Oid),
  sorters: z.array(Oid),
});
export type Domain = z.output<typeof Domain>;

/** A question, as names from a text or as oids from a tree that the server keeps. */
export interface Wanted {
  readonly procedureNames: readonly string[];
  readonly procedures: readonly string[];
  readonly operatorNames: readonly string[];
  readonly operators: readonly string[];
  readonly relationNames: readonly Name[];
  readonly relations: readonly string[];
  readonly typeNames: readonly string[];
  readonly types: readonly string[];
  /** Names that the server may read otherwise than the grammar. */
  readonly doubtful: readonly string[];
}

export interface Found {
  readonly procedures: readonly Procedure[];
  readonly operators: readonly Operator[];
  readonly relations: readonly Relation[];
  readonly domains: readonly Domain[];
  readonly casts: readonly Cast[];
  readonly sorting: readonly string[];
  /** Of the doubtful names, those that the server reads as they are written. */
  readonly sound: readonly string[];
}

const Types = z.object({
  domains: z.array(Domain).nullable(),
  casts: z.array(Cast).nullable(),
  /** Functions that somebody made to sort and compare the values of types that the catalogue has. */
  sorting: z.array(Oid),
});

/** Asks the server's catalogues, in one round trip. */
export async function lookUp(session: Session, wanted: Wanted): Promise<Found> {
  const ask = async <T>(schema: z.ZodType<T>, sql: string, params: readonly string[]): Promise<T> => {
    const { rows } = await session.answer(marked(sql), params);
    return schema.parse(JSON.parse(rows[0]?.[0] ?? "null"));
  };
  const any = (...lists: readonly (readonly unknown[])[]) => lists.some((each) => each.length > 0);
  const { procedureNames, procedures, operatorNames, operators, relationNames, relations, doubtful } = wanted;
  // What these read is little, and planned as if it were much: compiling it would take longer than running it.
  const [, foundProcedures, foundOperators, foundRelations, types, sound] = await Promise.all([
    session.rows("SET LOCAL jit TO off"),
    any(procedureNames, procedures)
      ? ask(z.array(Procedure).nullable(), PROCEDURES, [array(procedureNames), array(procedures)])
      : [],
    any(operatorNames, operators)
      ? ask(z.array(Operator).nullable(), OPERATORS, [array(operatorNames), array(operators)])
      : [],
    any(relationNames, relations)
      ? ask(z.array(Relation).nullable(), RELATIONS, [
          array(relationNames.map(({ schema }) => schema)),
          array(relationNames.map(({ name }) => name)),
          array(relations),
        ])
      : [],
    ask(Types, TYPES, [array(wanted.typeNames), array(wanted.types)]),
    any(doubtful) ? ask(z.array(z.string()).nullable(), NAMES, [array(doubtful), array(doubtful.map(lettersOf))]) : [],
    session.rows("SET LOCAL jit TO DEFAULT"),
  ]);
  return {
    procedures: foundProcedures ?? [],
    operators: foundOperators ?? [],
    relations: foundRelations ?? [],
    domains: types.domains ?? [],
    casts: types.casts ?? [],
    sorting: types.sorting,
    sound: sound ?? [],
  };
}
