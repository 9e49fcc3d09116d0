import type { Hint } from "../text/hints.ts";
import type { Call, References } from "../text/references.ts";
import type { Cast, Operator, Procedure, Relation } from "./catalogue.ts";
import { type Knowledge, lastPart } from "./knowledge.ts";

type Argument = Procedure["args"][number];

/** The overloads that a call could mean by its name, its schema and the number of its arguments. */
export function candidatesOf(call: Call, named: readonly Procedure[]): readonly Procedure[] {
  const fitting = named.filter((each) => isWithinReach(call, each.schema, each.place) && takes(each, call));
  return fitting.filter((each) => !fitting.some((other) => comesBefore(other, each)));
}

const isWithinReach = ({ schema }: Call, own: string, place: number | null) =>
  schema === undefined ? place !== null : schema === own;

function takes({ args, defaults, isVariadic, argNames, kind }: Procedure, call: Call): boolean {
  if (kind === "p") return false;
  if (call.named.some((name) => !argNames.includes(name))) return false;
  const count = call.args.length;
  const [first] = call.args;
  if (first?.kind === "row" && !args.slice(0, 1).some(takesRow)) return false;
  const least = args.length - defaults - (isVariadic ? 1 : 0);
  return count >= least && (count <= args.length || isVariadic);
}

/** A row becomes an argument of a row type or a pseudo-type, or what somebody made a cast to. */
const takesRow = ({ kind, from }: Argument) => kind === "c" || kind === "p" || from.some(isMade);

/** Of two for the same types, the first in the search path is the only one that PostgreSQL sees. */
function comesBefore(other: Procedure, each: Procedure): boolean {
  if (other === each || other.place === null || each.place === null || other.place >= each.place) return false;
  return other.isVariadic === each.isVariadic && haveSameTypes(other.args, each.args);
}

const haveSameTypes = (a: readonly Argument[], b: readonly Argument[]) =>
  a.length === b.length && a.every(({ name }, at) => name === b[at]?.name);

/**
 * The types that columns of a name have in the tables of a query, or without a name those that two tables share; undefined
 * where it may be any.
 */
export type ColumnTypes = (name: string | undefined) => readonly string[] | undefined;

export function columnTypes(
  { renamed, hasOtherColumns }: References,
  relations: readonly (Relation | undefined)[],
): ColumnTypes {
  const isKnown = !hasOtherColumns && !relations.includes(undefined);
  const all = relations.flatMap((relation) => relation?.columns ?? []);
  return (column) => {
    if (!isKnown || (column !== undefined && renamed.has(column))) return undefined;
    const found =
      column === undefined
        ? all.filter(([name], at) => all.some(([other], index) => other === name && index !== at))
        : all.filter(([name]) => name === column);
    return found.length > 0 ? found.map(([, type]) => type) : undefined;
  };
}

/** The types that an argument may have; undefined for any. */
function typesOf(hint: Hint | undefined, columns: ColumnTypes): readonly string[] | undefined {
  if (hint?.kind === "type") return hint.names;
  if (hint?.kind === "shared") return columns(undefined);
  return hint?.kind === "column" ? columns(hint.name) : undefined;
}

/**
 * Whether PostgreSQL could choose this overload among all, as far as the types of the arguments are known. It is asked only
 * about overloads that would be refused, and errs towards yes.
 */
export function couldChoose(chosen: Procedure, call: Call, all: readonly Procedure[], columns: ColumnTypes): boolean {
  if (call.named.length > 0 || call.isVariadic || chosen.isVariadic) return true;
  const given = call.args.map((arg) => typesOf(arg, columns));
  if (given.some((types, at) => types && !types.some((type) => accepts(chosen.args[at], type)))) return false;
  const others = all.filter((each) => each !== chosen && each.args.length === call.args.length);
  // Arguments of known types that another one takes exactly: an exact match is never passed over.
  const isExact = (each: Procedure) =>
    given.every((types, at) => types?.length === 1 && types[0] === each.args[at]?.name);
  if (others.some(isExact) && !isExact(chosen)) return false;
  // A bare literal becomes text wherever one of the candidates takes text there.
  const preferText = call.args.findIndex(
    (arg, at) =>
      arg.kind === "literal" &&
      chosen.args[at]?.name !== "text" &&
      others.some((each) => isViable(each, given) && each.args[at]?.name === "text"),
  );
  return preferText < 0;
}

const isViable = (each: Procedure, given: readonly (readonly string[] | undefined)[]) =>
  given.every((types, at) => !types || types.every((type) => accepts(each.args[at], type)));

/** Types that somebody made become others by rules that only the server knows; those of its own by casts that are listed. */
const accepts = (arg: Argument | undefined, type: string): boolean =>
  arg !== undefined &&
  (arg.kind === "p" || arg.kind === "d" || arg.name === type || arg.from.includes(type) || isMade(type));

const isMade = (type: string) => type.includes(".");

/** Whether an operator could be the one meant: a literal takes the type of the other side. */
export function couldBe(operator: Operator, call: Call, all: readonly Operator[], columns: ColumnTypes): boolean {
  if (!isWithinReach(call, operator.schema, operator.place) || (operator.isShadowed && call.schema === undefined))
    return false;
  if (operator.args.length !== call.args.length) return false;
  const given = call.args.map((arg) => typesOf(arg, columns));
  const [left, right] = call.args;
  // `citext = 'a'` is between two citext, where there is such an operator.
  const made = left?.kind === "literal" ? given[1]?.[0] : right?.kind === "literal" ? given[0]?.[0] : undefined;
  const isOfBoth = (each: Operator, type: string) => each.args.every(({ name }) => lastPart(name) === lastPart(type));
  if (made !== undefined && isMade(made) && all.some((each) => isOfBoth(each, made)) && !isOfBoth(operator, made))
    return false;
  const known = left?.kind === "literal" ? given[1] : right?.kind === "literal" ? given[0] : undefined;
  const both = known?.every((type) => !isMade(type)) ? given.map((types) => types ?? known) : given;
  return both.every((types, at) => !types || types.some((type) => accepts(operator.args[at], type)));
}

/**
 * Whether a query may use a cast. PostgreSQL applies some without a word, so it is enough that the type that somebody made
 * comes near the query: by name, as a column's type, or through a function that handles it.
 */
export function isNear(
  { around }: Cast,
  references: References,
  relations: readonly (Relation | undefined)[],
  known: Knowledge,
): boolean {
  if (around.length === 0) return true;
  return around.some(
    (type) =>
      references.types.some(({ name }) => name === lastPart(type)) ||
      relations.some(
        (relation) =>
          relation &&
          (relation.columns.some(([, each]) => each === type) || type === `${relation.schema}.${relation.name}`),
      ) ||
      references.calls.some(({ name }) => known.procedures(name).some(({ handles }) => handles.includes(type))),
  );
}
