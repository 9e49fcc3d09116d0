import { quote } from "@org/server-kit";
import type { Operator, Procedure, Relation } from "./catalogue/catalogue.ts";
import type { Knowledge } from "./catalogue/knowledge.ts";
import { type ColumnTypes, candidatesOf, couldBe, couldChoose, distinct } from "./catalogue/overloads.ts";
import { inMarks } from "./marks.ts";
import { showsMasked } from "./masks.ts";
import type { Policy } from "./policy.ts";
import { isSecret, isSecretSetting, SHOWS_SETTINGS, showsValues } from "./reviewed.ts";
import type { Call } from "./text/calls.ts";
import { NO_REFERENCES, type References } from "./text/references.ts";
import { createTypes } from "./types.ts";

export const shown = ({ schema, name }: { schema: string; name: string }) =>
  schema === "pg_catalog" ? name : `${schema}.${name}`;

export interface Functions {
  inCall(call: Call, columns: ColumnTypes): string | undefined;
  inOperator(call: Call, columns: ColumnTypes): string | undefined;
  inRelation(relation: Relation): string | undefined;
  inDomain(name: string): string | undefined;
  inCasts(references: References, columns: ColumnTypes): string | undefined;
  inSorting(): string | undefined;
  inColumns(references: References): string | undefined;
}

/** Gives the reason why a part is refused; undefined if it is not. */
export function createFunctions(known: Knowledge, policy: Policy): Functions {
  const judged = new Map<string, string | undefined>();
  const anyType: ColumnTypes = () => undefined;

  /** Parts without a problem, in the order of their checks. */
  const sound: string[] = [];

  /**
   * A part in a cycle counts as sound while the rest is checked; if that has a problem, all results on the way are
   * discarded.
   */
  function judgedOnce(id: string, problemOf: () => string | undefined): string | undefined {
    if (judged.has(id)) return judged.get(id);
    judged.set(id, undefined);
    const before = sound.length;
    const problem = problemOf();
    judged.set(id, problem);
    if (problem === undefined) sound.push(id);
    else for (const doubtful of sound.splice(before)) judged.delete(doubtful);
    return problem;
  }

  /**
   * @param isPolicy whether a row-level policy calls it: then its declared properties do not count, but what it does
   * does
   */
  const problemOf = (procedure: Procedure, isPolicy: boolean) =>
    judgedOnce(`${procedure.oid} ${isPolicy}`, () => problemWith(procedure, isPolicy));

  function problemWith(procedure: Procedure, isPolicy: boolean): string | undefined {
    const { schema, name, origin, volatility, isDefiner } = procedure;
    if (policy.functions.has(name) || policy.functions.has(`${schema}.${name}`)) return undefined;
    if (origin !== "user") return inMarks(procedure, policy) ?? inNamesakes(procedure);
    if (!isPolicy && isDefiner) return "is SECURITY DEFINER: it runs with the rights of its owner";
    if (!isPolicy && volatility === "v") return "is volatile: it may change something outside of the query";
    const body = known.body(procedure);
    if (body?.refusal !== undefined) return `cannot be vouched for: ${body.refusal}`;
    const inside = [
      ...procedure.reaches.map((oid) => byOid(oid, isPolicy)),
      ...procedure.operators.map((oid) => operatorByOid(oid, isPolicy)),
      ...procedure.relations.map((oid) => readByFunction(oid, isPolicy)),
      ...procedure.types.map(domainByOid),
      inCasts(NO_REFERENCES, anyType, procedure.handles),
      ...(body?.references ?? []).flatMap((references) => [...inBody(references, isPolicy)]),
    ];
    const problem = inside.find((each) => each !== undefined);
    return problem === undefined ? undefined : `hides a call: ${problem}`;
  }

  /** Of what an extension's text may call, only objects made by users count. */
  function inNamesakes({ origin, reaches, operators }: Procedure): string | undefined {
    if (origin !== "extension") return undefined;
    const found = [...reaches.map((oid) => byOid(oid, false)), ...operators.map((oid) => operatorByOid(oid, false))];
    const problem = found.find((each) => each !== undefined);
    return problem === undefined ? undefined : `hides a call: ${problem}`;
  }

  function* inBody(all: References, isPolicy: boolean): Generator<string | undefined> {
    const references = distinct(all, anyType);
    const { calls, operators, types, relations } = references;
    yield references.doubtful.filter((name) => !known.isSound(name)).map(readsOtherwise)[0];
    if (policy.hidesSettings && asksForSecret(references)) yield "it reads settings that hold a password";
    for (const call of calls) yield inCallOf(call, anyType, isPolicy);
    for (const call of operators) yield inOperatorOf(call, anyType, isPolicy);
    for (const { name } of types) yield inDomain(name);
    for (const name of relations) {
      const relation = known.relation(name);
      if (relation) yield readByFunction(relation.oid, isPolicy);
      else if (policy.isNarrowed || policy.hasMasks) yield `it reads ${name.name}, which cannot be looked up`;
    }
    yield inCasts(references, anyType);
    yield inColumns(references);
  }

  const named = (procedure: Procedure, problem: string | undefined) =>
    problem === undefined ? undefined : `${shown(procedure)}() ${problem}`;
  const byOid = (oid: string, isPolicy: boolean) => {
    const procedure = known.procedure(oid);
    if (procedure && policy.hidesSettings && procedure.origin === "built-in" && SHOWS_SETTINGS.has(procedure.name))
      return named(procedure, "may show settings that hold a password");
    if (procedure && TAKES_TYPE.test(procedure.name) && procedure.origin === "built-in") {
      const isAllowed = policy.functions.has(procedure.name);
      return isAllowed ? undefined : named(procedure, "runs the checks of a type that is given by name");
    }
    return procedure && named(procedure, problemOf(procedure, isPolicy));
  };
  const operatorByOid = (oid: string, isPolicy: boolean) => {
    const operator = known.operator(oid);
    return operator && inOperatorItself(operator, isPolicy);
  };
  const inOperatorItself = ({ procedures }: Operator, isPolicy: boolean) =>
    procedures.map((oid) => byOid(oid, isPolicy)).find((problem) => problem !== undefined);

  const { domainByOid, inDomain, inMeasures, inSorting, inColumns, inCasts } = createTypes(known, byOid, operatorByOid);

  /** Allow-lists and masks also apply to what a function reads; a policy reveals nothing of what it reads. */
  function readByFunction(oid: string, isPolicy: boolean): string | undefined {
    const relation = known.relationByOid(oid);
    if (relation && !policy.allows(relation.schema, relation.name)) {
      return `it reads ${shown(relation)}, which --schemas and --tables do not allow`;
    }
    if (relation && !isPolicy && showsMasked(relation, known, policy)) {
      return `it reads ${shown(relation)}, which has masked columns`;
    }
    return relationByOid(oid);
  }

  /** A table that only a view or function reads: its policies and columns count as if the query named it. */
  function relationByOid(oid: string, isPolicy = false): string | undefined {
    const relation = known.relationByOid(oid);
    if (!relation) return undefined;
    if (isSecret(relation.schema, relation.name, policy.hidesSettings)) return `${shown(relation)} holds secrets`;
    if (!isPolicy && (policy.isNarrowed || policy.hasMasks) && showsValues(relation.schema, relation.name)) {
      return `${shown(relation)} shows values of columns that the options hide`;
    }
    return inRelation(relation, isPolicy);
  }

  function inRelation(relation: Relation, isPolicy = false): string | undefined {
    // The system's own views, and those of extensions, only call what a superuser put there.
    if (relation.origin !== "user") return undefined;
    return judgedOnce(`relation ${relation.oid} ${isPolicy}`, () => {
      const parts = [
        ...relation.reaches.map((oid) => byOid(oid, isPolicy)),
        ...relation.operators.map((oid) => operatorByOid(oid, isPolicy)),
        ...relation.policies.map((oid) => byOid(oid, true)),
        ...relation.policyOperators.map((oid) => operatorByOid(oid, true)),
        ...relation.policyRelations.map((oid) => relationByOid(oid, true)),
        ...relation.types.map(domainByOid),
        ...relation.domains.map((oid) => inMeasures(known.domainByOid(oid))),
        ...relation.relations.map((oid) => relationByOid(oid, isPolicy)),
      ];
      const problem = parts.find((each) => each !== undefined);
      return problem === undefined ? undefined : `hides a call: ${problem}`;
    });
  }

  function inCallOf(call: Call, columns: ColumnTypes, isPolicy: boolean): string | undefined {
    const candidates = candidatesOf(call, known.procedures(call.name));
    for (const candidate of candidates) {
      const problem = problemOf(candidate, isPolicy);
      if (problem === undefined || !couldChoose(candidate, call, candidates, columns)) continue;
      return named(candidate, problem);
    }
    return undefined;
  }

  function inOperatorOf(call: Call, columns: ColumnTypes, isPolicy: boolean): string | undefined {
    const all = known.operators(call.name);
    for (const operator of all) {
      const problem = couldBe(operator, call, all, columns) ? inOperatorItself(operator, isPolicy) : undefined;
      if (problem !== undefined) return `the operator ${operatorName(operator)} is ${problem}`;
    }
    return undefined;
  }

  return {
    inCall: (call, columns) => inCallOf(call, columns, false),
    inOperator: (call, columns) => inOperatorOf(call, columns, false),
    inRelation,
    inDomain,
    inCasts,
    inColumns,
    inSorting,
  };
}

export const readsOtherwise = (name: string) =>
  `the server, whose encoding is not UTF-8, may fold or cut the name ${quote(name)} to another one`;

export const asksForSecret = ({ settings }: References) =>
  settings.some((name) => name === undefined || isSecretSetting(name));

/** In a tree that the server stores, the type passed to these cannot be seen. */
const TAKES_TYPE = /^pg_input_(is_valid|error_info)$/;

const operatorName = ({ schema, name }: Operator) => (schema === "public" ? name : `${schema}.${name}`);
