import type { Call } from "../text/calls.ts";
import { SYSTEM_COLUMNS } from "../text/columns.ts";
import { ANY, type Hint } from "../text/hints.ts";
import type { References } from "../text/references.ts";
import type { Cast, Operator, Procedure, Relation } from "./catalogue.ts";
import { type Knowledge, lastPart } from "./knowledge.ts";

type Argument = Procedure["args"][number];

/** The overloads that a call could mean, by its name, its schema and the number of its arguments. */
export function candidatesOf(call: Call, named: readonly Procedure[]): readonly Procedure[] {
  const fitting = named.filter((each) => isWithinReach(call, each.schema, each.place) && takes(each, call));
  // With named arguments, the server skips functions whose argument names do not match.
  if (call.named.length > 0) return fitting;
  return fitting.filter((each) => !fitting.some((other) => comesBefore(other, each)));
}

const isWithinReach = ({ schema }: Call, own: string, place: number | null) =>
  schema === undefined ? place !== null : schema === own;

function takes({ args, defaults, isVariadic, argNames, kind }: Procedure, call: Call): boolean {
  if (kind === "p") return false;
  if (call.named.some((name) => !argNames.includes(name))) return false;
  const count = call.args.length;
  const [first] = call.args;
  if (first?.kind === "row" && !isVariadic && !args.slice(0, 1).some(takesRow)) return false;
  const least = args.length - defaults - (isVariadic ? 1 : 0);
  return count >= least && (count <= args.length || isVariadic);
}

/** A row can be passed as a row type, as a pseudo-type, or through a user-defined cast. */
const takesRow = ({ kind, from }: Argument) => kind === "c" || kind === "p" || from.some(isMade);

/** Of two functions with the same types, PostgreSQL only sees the first in the search path. */
function comesBefore(other: Procedure, each: Procedure): boolean {
  if (other === each || other.place === null || each.place === null || other.place >= each.place) return false;
  return other.isVariadic === each.isVariadic && haveSameTypes(other.args, each.args);
}

const haveSameTypes = (a: readonly Argument[], b: readonly Argument[]) =>
  a.length === b.length && a.every(({ type }, at) => type === b[at]?.type);

/**
 * The types of the columns of this name in a query's tables; without a name, of the columns shared by two tables.
 * Undefined if it may be any type.
 */
export type ColumnTypes = (name: string | undefined) => readonly string[] | undefined;

export function columnTypes(
  { calls, renamed, hasOtherColumns }: References,
  relations: readonly (Relation | undefined)[],
  known: Knowledge,
): ColumnTypes {
  // A user-defined one may have columns of any name.
  const series = calls.some(({ name }) => name === "generate_series") ? known.procedures("generate_series") : [];
  const hasOwnSeries = series.some(({ origin }) => origin !== "built-in");
  const isKnown = !hasOtherColumns && !hasOwnSeries && !relations.includes(undefined);
  const all = relations.flatMap((relation) => relation?.columns ?? []);
  const types = (column: string | undefined) => {
    if (!isKnown || (column !== undefined && (renamed.has(column) || SYSTEM_COLUMNS.has(column)))) return undefined;
    const found =
      column === undefined
        ? all.filter(([name], at) => all.some(([other], index) => other === name && index !== at))
        : all.filter(([name]) => name === column);
    return found.length > 0 ? found.map(([, type]) => type) : undefined;
  };
  const before = new Map<string | undefined, readonly string[] | undefined>();
  return (column) => {
    if (!before.has(column)) before.set(column, types(column));
    return before.get(column);
  };
}

/** Merges calls and operators that the server could not tell apart: `id IN (1, 2, 3)` compares with one kind of value. */
export function distinct(references: References, columns: ColumnTypes): References {
  const known = (arg: Hint): Hint => {
    const names = typesOf(arg, columns);
    if (names) return { kind: "type", names };
    return arg.kind === "literal" || arg.kind === "row" ? arg : ANY;
  };
  const once = (calls: readonly Call[]) => {
    const found = new Map<string, Call>();
    for (const call of calls) {
      const each = { ...call, args: call.args.map(known) };
      found.set(JSON.stringify(each), each);
    }
    return [...found.values()];
  };
  return { ...references, calls: once(references.calls), operators: once(references.operators) };
}

/** The possible types of an argument; undefined for any. */
function typesOf(hint: Hint | undefined, columns: ColumnTypes): readonly string[] | undefined {
  if (hint?.kind === "type") return hint.names;
  if (hint?.kind === "shared") return columns(undefined);
  return hint?.kind === "column" ? columns(hint.name) : undefined;
}

/**
 * Whether PostgreSQL could choose this overload, as far as the types of the arguments are known. Only asked about
 * overloads that would be refused; if in doubt, the answer is yes.
 */
export function couldChoose(chosen: Procedure, call: Call, all: readonly Procedure[], columns: ColumnTypes): boolean {
  if (call.named.length > 0 || call.isVariadic || chosen.isVariadic) return true;
  const given = call.args.map((arg) => typesOf(arg, columns));
  if (given.some((types, at) => types && !types.some((type) => accepts(chosen.args[at], type)))) return false;
  const others = all.filter((each) => each !== chosen && each.args.length === call.args.length);
  // If another overload matches known types exactly, it is always preferred.
  const isExact = (each: Procedure) =>
    given.every((types, at) => types?.length === 1 && types[0] === each.args[at]?.name);
  if (others.some(isExact) && !isExact(chosen)) return false;
  // Of those that accept all arguments, PostgreSQL keeps the ones with the most exact matches.
  const most = chosen.args.filter(({ name }, at) => given[at]?.includes(name) ?? !isLiteral(call.args[at])).length;
  if (others.some((each) => surelyTakes(each, call, given) > most)) return false;
  // A bare literal becomes text if a candidate takes text there, fits the rest as well, and no other literal is in
  // doubt.
  const fits = (other: Procedure) =>
    call.args.every((_, at) => {
      const [types, name] = [given[at], other.args[at]?.name];
      if (!types) return name === "text" || all.every((each) => each.args[at]?.name === name);
      return name === chosen.args[at]?.name || (types.length === 1 && types[0] === name);
    });
  const takesText = (other: Procedure) =>
    call.args.some(
      (arg, at) => arg.kind === "literal" && other.args[at]?.name === "text" && chosen.args[at]?.name !== "text",
    );
  return !others.some((other) => takesText(other) && fits(other));
}

const isLiteral = (arg: Hint | undefined) => arg?.kind === "literal";

type Given = readonly (readonly string[] | undefined)[];

/** How many arguments match exactly, if the overload surely accepts all; otherwise -1. A domain counts as its base type. */
function surelyTakes({ args, isVariadic }: Procedure, call: Call, given: Given): number {
  const isSure = given.every((types, at) =>
    types ? args[at]?.kind !== "d" && types.every((type) => becomes(args[at], type)) : isLiteral(call.args[at]),
  );
  return isSure && !isVariadic
    ? given.filter((types, at) => types?.every((type) => type === args[at]?.name)).length
    : -1;
}

const becomes = (arg: Argument | undefined, type: string): boolean =>
  arg !== undefined && (arg.name === type || arg.from.includes(type));

/** How user-defined types convert is only known to the server; built-in types use the listed casts. */
const accepts = (arg: Argument | undefined, type: string): boolean =>
  arg !== undefined &&
  (arg.kind === "p" ||
    arg.kind === "d" ||
    becomes(arg, type) ||
    isMade(type) ||
    // What holds for elements also holds for arrays.
    (isArray(arg.name) && isArray(type)));

const isArray = (type: string) => lastPart(type).startsWith("_");
const isMade = (type: string) => type.includes(".");

/** Whether an operator could be meant. */
export function couldBe(operator: Operator, call: Call, all: readonly Operator[], columns: ColumnTypes): boolean {
  if (!isWithinReach(call, operator.schema, operator.place) || (operator.isShadowed && call.schema === undefined))
    return false;
  if (operator.args.length !== call.args.length) return false;
  const given = call.args.map((arg) => typesOf(arg, columns));
  const known = given[1 - call.args.findIndex(({ kind }) => kind === "literal")];
  const between = known?.map((type) => operatorBetween(type, operator, call, all));
  // A literal takes the type of the other side, if there is an operator between two values of that type.
  if (between?.every((each) => each !== undefined)) return between.includes(operator.oid);
  return given.every((types, at) => !types || types.some((type) => accepts(operator.args[at], type)));
}

/** The oid of the operator of this name between two values of a type; empty if it is built in. */
function operatorBetween(
  type: string,
  { between }: Operator,
  call: Call,
  all: readonly Operator[],
): string | undefined {
  // An exact match comes first; otherwise, other string types become text.
  const exact = all.find(
    (each) => isWithinReach(call, each.schema, each.place) && each.args.every(({ name }) => name === type),
  );
  if (exact && !between.includes(type)) return exact.oid;
  const isOfCatalogue = between.includes(type === "varchar" ? "text" : type);
  if (isOfCatalogue && (call.schema === undefined || call.schema === "pg_catalog")) return "";
  // A type without a schema in the query is the only one of its name; if there are several, it could be any.
  const named = new Set(all.flatMap(({ args }) => args.map(({ name }) => name)).filter((name) => name.endsWith(type)));
  const [meant] = type.startsWith(".") ? (named.size === 1 ? named : []) : [type];
  return all.find(
    (each) => isWithinReach(call, each.schema, each.place) && each.args.every(({ name }) => name === meant),
  )?.oid;
}

/**
 * Whether a query may use a cast. PostgreSQL applies some casts implicitly, so it is enough that the user-defined type
 * occurs near the query: by name, as a column's type, or through a function or operator that handles it.
 * @param handled types that the enclosing function handles
 */
export function isNear(
  { around }: Cast,
  references: References,
  relations: readonly (Relation | undefined)[],
  known: Knowledge,
  columns: ColumnTypes,
  handled: readonly string[],
): boolean {
  if (around.length === 0) return true;
  const procedures = [
    ...references.calls.flatMap((call) => {
      const all = candidatesOf(call, known.procedures(call.name));
      return all.filter((each) => couldChoose(each, call, all, columns));
    }),
    ...references.operators.flatMap(({ name }) =>
      known.operators(name).flatMap((each) => each.procedures.map(known.procedure)),
    ),
  ];
  const handles = new Set([...handled, ...procedures.flatMap((each) => each?.handles ?? [])]);
  return around.some(
    ([type, bare]) =>
      references.types.some(({ name }) => name === bare) ||
      relations.some(
        (relation) =>
          relation &&
          (relation.columns.some(([, each]) => each === type) || type === `${relation.schema}.${relation.name}`),
      ) ||
      handles.has(type),
  );
}
