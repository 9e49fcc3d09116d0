import * as z from "zod";
import { array, marked } from "../../connection/sql.ts";
import type { Session } from "../../connection/types.ts";
import { lettersOf } from "../text/names.ts";
import type { Name } from "../text/relations.ts";
import { NAMES, OPERATORS, PROCEDURES, RELATIONS, TYPES } from "./questions.ts";

const Oid = z.string();
/** "built-in" is what initdb created, which only a superuser can change. */
const Origin = z.enum(["built-in", "extension", "user"]);
export type Origin = z.output<typeof Origin>;

const Argument = z.object({
  name: z.string(),
  type: Oid,
  /** `typtype`: c for row types, p for pseudo-types such as anyelement. */
  kind: z.string(),
  /** Types that are implicitly cast to this one. */
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
  /** Its schema's position in the search path; null if it is not in it. */
  place: z.number().nullable(),
  args: z.array(Argument),
  argNames: z.array(z.string()),
  defaults: z.number(),
  isVariadic: z.boolean(),
  /** Argument and result types, and the types in result rows. */
  handles: z.array(z.string()),
  source: z.string().nullable(),
  /** For PL/pgSQL, the CREATE FUNCTION. */
  definition: z.string().nullable(),
  /**
   * Functions in the trees that the server stores for it (SQL in the standard's form, and defaults), or an aggregate's
   * parts. For an extension's function, objects made by others that its text may find.
   */
  reaches: z.array(Oid),
  operators: z.array(Oid),
  relations: z.array(Oid),
  /** Types in those trees, arguments and results: converting a value to a domain runs the domain's checks. */
  types: z.array(Oid),
  /** The function's own `SET search_path`. */
  path: z.string().nullable(),
  /** Whether its own settings change how its text is read. */
  isQuotedOtherwise: z.boolean(),
});
export type Procedure = z.output<typeof Procedure>;

const Operator = z.object({
  oid: Oid,
  schema: z.string(),
  name: z.string(),
  place: z.number().nullable(),
  /** Whether the catalogue has one for the same types, which takes precedence. */
  isShadowed: z.boolean(),
  /** Types for which the catalogue has an operator of this name between two of them. */
  between: z.array(z.string()),
  args: z.array(Argument),
  /** Its function, and those of its negator, commutator and operator families, which the planner may use instead. */
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
  /** Functions in its row-level policies, if they are enabled. */
  policies: z.array(Oid),
  policyOperators: z.array(Oid),
  policyRelations: z.array(Oid),
  /** {@link Stamp.columns} for this relation only. */
  written: z.string(),
  /** Its columns: name, type name and number. */
  columns: z.array(z.tuple([z.string(), z.string(), z.number()])),
  /** Domains among its columns' types. */
  domains: z.array(Oid),
  /** Its parents (as a partition or child) and its own partitions and children, at any depth. */
  kin: z.array(z.tuple([z.string(), z.string()])),
  /** Generated columns, each with a column that it is computed from. */
  generated: z.array(z.tuple([z.string(), z.string()])),
  /** The query of a user's view; empty for anything else. */
  definition: z.string(),
  /** Whether a view passes on whole rows of a table, and thus all of its columns. */
  hasWholeRow: z.boolean(),
  /** For a view, the columns of tables that it reads: table and name. */
  reads: z.array(z.tuple([Oid, z.string()])),
});
export type Relation = z.output<typeof Relation>;

const Cast = z.object({
  source: z.string(),
  target: z.string(),
  procedure: Oid,
  /**
   * The source type, or if that is built in, the target type; and the arrays, rows, domains and ranges that contain it.
   * Each with and without its schema.
   */
  around: z.array(z.tuple([z.string(), z.string()])),
});
export type Cast = z.output<typeof Cast>;

/** Types with the functions in checks of their domains, and those that measure, compare and sort their values. */
const Domain = z.object({
  oid: Oid,
  name: z.string(),
  reaches: z.array(Oid),
  operators: z.array(Oid),
  measures: z.array(Oid),
  sorters: z.array(Oid),
});
export type Domain = z.output<typeof Domain>;

/** What to look up: names from a text, or oids from a tree that the server stores. */
export interface Wanted {
  readonly procedureNames: readonly string[];
  readonly procedures: readonly string[];
  readonly operatorNames: readonly string[];
  readonly operators: readonly string[];
  readonly relationNames: readonly Name[];
  readonly relations: readonly string[];
  readonly typeNames: readonly string[];
  readonly types: readonly string[];
  /** Names that the server may read differently than the grammar. */
  readonly doubtful: readonly string[];
}

export interface Found {
  readonly procedures: readonly Procedure[];
  readonly operators: readonly Operator[];
  readonly relations: readonly Relation[];
  readonly domains: readonly Domain[];
  readonly casts: readonly Cast[];
  readonly sorting: readonly string[];
  /** The doubtful names that the server reads as they are written. */
  readonly sound: readonly string[];
}

const Types = z.object({
  domains: z.array(Domain).nullable(),
  casts: z.array(Cast).nullable(),
  /** Functions made by users to sort and compare values of built-in types. */
  sorting: z.array(Oid),
});

/** Queries the server's catalogues, in one round trip. */
export async function lookUp(session: Session, wanted: Wanted): Promise<Found> {
  const ask = async <T>(schema: z.ZodType<T>, sql: string, params: readonly string[]): Promise<T> => {
    const { rows } = await session.answer(marked(sql), params);
    return schema.parse(JSON.parse(rows[0]?.[0] ?? "null"));
  };
  const any = (...lists: readonly (readonly unknown[])[]) => lists.some((each) => each.length > 0);
  const { procedureNames, procedures, operatorNames, operators, relationNames, relations, doubtful } = wanted;
  // These read little, but are planned as if it were much: JIT compilation would take longer than running them.
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
