import type { Session } from "../../connection/types.ts";
import type { Grammar } from "../../grammar/parse.ts";
import type { Call } from "../text/calls.ts";
import type { References } from "../text/references.ts";
import type { Name } from "../text/relations.ts";
import { type Body, bodyOf } from "./bodies.ts";
import {
  type Cast,
  type Domain,
  lookUp,
  type Operator,
  type Procedure,
  type Relation,
  type Wanted,
} from "./catalogue.ts";

/** The part of the server's catalogue that has been looked up for statements. */
export interface Knowledge {
  /** The state of the catalogue for which it is valid. */
  readonly stamp: string;
  /** The relations that it knows, and when their columns were last written. */
  columns(): { readonly relations: readonly string[]; readonly written: string };
  /** Columns to mask for queries that were admitted, in case they come again. */
  readonly admitted: WeakMap<References, ReadonlySet<string>>;
  procedures(name: string): readonly Procedure[];
  procedure(oid: string): Procedure | undefined;
  operators(name: string): readonly Operator[];
  operator(oid: string): Operator | undefined;
  /** The table or view that a name means in the search path. */
  relation(name: Name): Relation | undefined;
  relationByOid(oid: string): Relation | undefined;
  /** All domains of a name, in any schema. */
  domains(name: string): readonly Domain[];
  domainByOid(oid: string): Domain | undefined;
  readonly casts: readonly Cast[];
  /** Users' functions that sort and compare values of built-in types; they count in every query. */
  readonly sorting: readonly string[];
  body(procedure: Procedure): Body | undefined;
  /** Whether the server reads a name as the grammar does. */
  isSound(name: string): boolean;
  /** Looks up everything that a query names, and everything that those objects refer to, recursively. */
  learn(session: Session, references: References): Promise<void>;
}

const key = ({ schema, name }: Name) => JSON.stringify([schema ?? null, name]);

/** @param stamp the state of the catalogue for which it is valid */
export function createKnowledge(stamp: string, grammar: Grammar): Knowledge {
  const procedures = new Map<string, Procedure>();
  const procedureNames = new Map<string, Procedure[]>();
  const operators = new Map<string, Operator>();
  const operatorNames = new Map<string, Operator[]>();
  const relations = new Map<string, Relation>();
  const relationNames = new Map<string, Relation | undefined>();
  const domains = new Map<string, Domain>();
  const bodies = new Map<string, Body | undefined>();
  const sound = new Set<string>();
  const asked = new Set<string>();
  let casts: readonly Cast[] = [];
  let sorting: readonly string[] = [];
  /** One at a time: otherwise, what another call has asked but not yet received would count as known. */
  let turn: Promise<unknown> = Promise.resolve();
  let isWhole = true;

  /** After a failed lookup, nothing can be relied on. */
  function forget() {
    for (const each of [
      procedures,
      procedureNames,
      operators,
      operatorNames,
      relations,
      relationNames,
      domains,
      bodies,
      sound,
    ])
      each.clear();
    asked.clear();
  }

  /** The items of a list that have not been asked for yet. */
  const unasked = <T>(kind: string, values: Iterable<T>, name: (value: T) => string): T[] => {
    const found: T[] = [];
    for (const value of values) {
      const id = `${kind} ${name(value)}`;
      if (asked.has(id)) continue;
      asked.add(id);
      found.push(value);
    }
    return found;
  };
  const same = (value: string) => value;

  async function ask(session: Session, wanted: Wanted): Promise<readonly Wanted[]> {
    const question: Wanted = {
      procedureNames: unasked("procedures", wanted.procedureNames, same),
      procedures: unasked("procedure", wanted.procedures, same),
      operatorNames: unasked("operators", wanted.operatorNames, same),
      operators: unasked("operator", wanted.operators, same),
      relationNames: unasked("relations", wanted.relationNames, key),
      relations: unasked("relation", wanted.relations, same),
      typeNames: unasked("types", wanted.typeNames, same),
      types: unasked("type", wanted.types, same),
      doubtful: unasked("name", wanted.doubtful, same),
    };
    if (Object.values(question).every((part) => part.length === 0)) return [];
    const found = await lookUp(session, question);
    casts = found.casts;
    sorting = found.sorting;
    for (const name of found.sound) sound.add(name);
    const next: Wanted[] = [{ ...NOTHING, procedures: [...casts.map(({ procedure }) => procedure), ...sorting] }];
    for (const each of found.procedures) {
      if (procedures.has(each.oid)) continue;
      procedures.set(each.oid, each);
      procedureNames.set(each.name, [...(procedureNames.get(each.name) ?? []), each]);
      if (each.origin === "extension") next.push({ ...NOTHING, procedures: each.reaches, operators: each.operators });
      if (each.origin !== "user") continue;
      const body = bodyOf(each, grammar);
      bodies.set(each.oid, body);
      const { reaches, operators: used, relations: read, types } = each;
      next.push({ ...NOTHING, procedures: reaches, operators: used, relations: read, types });
      for (const references of body?.references ?? []) next.push(wantedOf(references));
    }
    for (const each of found.operators) {
      if (operators.has(each.oid)) continue;
      operators.set(each.oid, each);
      operatorNames.set(each.name, [...(operatorNames.get(each.name) ?? []), each]);
      next.push({ ...NOTHING, procedures: each.procedures });
    }
    for (const each of found.relations) {
      relations.set(each.oid, each);
      if (each.origin !== "user") continue;
      const { reaches, operators: used, relations: read, types, policies, policyOperators, policyRelations } = each;
      next.push({
        ...NOTHING,
        procedures: [...reaches, ...policies],
        operators: [...used, ...policyOperators],
        relations: [...read, ...policyRelations],
        types: [...types, ...each.domains],
      });
    }
    for (const name of question.relationNames) relationNames.set(key(name), first(found.relations, name));
    for (const each of found.domains) {
      domains.set(each.oid, each);
      const { reaches, operators: used, measures, sorters } = each;
      next.push({ ...NOTHING, procedures: [...reaches, ...measures], operators: [...used, ...sorters] });
    }
    return next;
  }

  return {
    stamp,
    columns: () => ({
      relations: [...relations.keys()],
      written: [...relations.values()].reduce((sum, { written }) => sum + BigInt(written), 0n).toString(),
    }),
    admitted: new WeakMap(),
    procedures: (name) => procedureNames.get(name) ?? [],
    procedure: (oid) => procedures.get(oid),
    operators: (name) => operatorNames.get(name) ?? [],
    operator: (oid) => operators.get(oid),
    relation: (name) => relationNames.get(key(name)),
    relationByOid: (oid) => relations.get(oid),
    domains: (name) => [...domains.values()].filter((each) => each.name === name),
    domainByOid: (oid) => domains.get(oid),
    get casts() {
      return casts;
    },
    get sorting() {
      return sorting;
    },
    body: ({ oid }) => bodies.get(oid),
    isSound: (name) => sound.has(name),
    learn(session, references) {
      const learned = turn.then(async () => {
        if (!isWhole) forget();
        isWhole = false;
        let wanted = [wantedOf(references)];
        while (wanted.length > 0) wanted = [...(await ask(session, merged(wanted)))];
        isWhole = true;
      });
      turn = learned.catch(() => {});
      return learned;
    },
  };
}

function first(found: readonly Relation[], { schema, name }: Name): Relation | undefined {
  const named = found.filter(
    (each) => each.name === name && (schema === undefined ? each.place !== null : each.schema === schema),
  );
  return named.toSorted((a, b) => (a.place ?? 0) - (b.place ?? 0))[0];
}

/** A type's name without its schema. */
export const lastPart = (name: string) => name.slice(name.indexOf(".") + 1);

const NOTHING: Wanted = {
  procedureNames: [],
  procedures: [],
  operatorNames: [],
  operators: [],
  relationNames: [],
  relations: [],
  typeNames: [],
  types: [],
  doubtful: [],
};

function wantedOf({ calls, operators, relations, types, doubtful }: References): Wanted {
  const named = (each: readonly (Call | Name)[]) => each.map(({ name }) => name);
  return {
    ...NOTHING,
    procedureNames: named(calls),
    operatorNames: named(operators),
    relationNames: relations,
    typeNames: named(types),
    doubtful,
  };
}

function merged(wanted: readonly Wanted[]): Wanted {
  const all = <K extends keyof Wanted>(part: K) => wanted.map((each) => each[part]);
  return {
    procedureNames: all("procedureNames").flat(),
    procedures: all("procedures").flat(),
    operatorNames: all("operatorNames").flat(),
    operators: all("operators").flat(),
    relationNames: all("relationNames").flat(),
    relations: all("relations").flat(),
    typeNames: all("typeNames").flat(),
    types: all("types").flat(),
    doubtful: all("doubtful").flat(),
  };
}
