import type { Grammar } from "../grammar/parse.ts";
import { child, type Tree, unwrap } from "../grammar/tree.ts";
import type { Relation } from "./catalogue/catalogue.ts";
import type { Knowledge } from "./catalogue/knowledge.ts";
import { anyOf, checkExpansion, type Inner } from "./text/expansion.ts";
import { cut } from "./text/names.ts";
import type { References } from "./text/references.ts";
import { refused } from "./text/statement.ts";

interface Query {
  readonly tree: Tree;
  readonly references: References;
}

/** The most tables that a query may have after the planner has expanded every view and SQL function. */
const MOST_TABLES = 1000;
/** How much a call costs the planner, compared with a table. */
const CALL = 1 / 16;

/**
 * Refuses a query that becomes too large for the planner when it expands the views and SQL functions in it: meanwhile
 * it checks neither the time limit nor a cancellation.
 */
export function checkViews({ tree, references }: Query, known: Knowledge, grammar: Grammar): void {
  checkTables(references, known);
  checkColumns(tree, known, grammar);
}

/**
 * Refuses views whose columns use those of the views below twice or more, as {@link checkExpansion} does for
 * subqueries.
 */
function checkColumns(query: Tree, known: Knowledge, grammar: Grammar): void {
  const found = new Map<string, Inner>();
  const ofViews = (relations: readonly Relation[]) =>
    anyOf(
      relations.map((relation) => {
        const before = found.get(relation.oid);
        if (before) return before;
        // A cycle is not expanded again.
        found.set(relation.oid, anyOf([]));
        const inner = ofView(relation);
        found.set(relation.oid, inner);
        return inner;
      }),
    );
  function ofView({ definition, relations }: Relation): Inner {
    const [kind, select] = definition === "" ? [] : (unwrap(child(grammar.parse(definition)[0], "stmt")) ?? []);
    if (kind !== "SelectStmt" || !select) return anyOf([]);
    const below = relations.flatMap((oid) => known.relationByOid(oid) ?? []);
    // In encodings other than UTF-8, a name can be longer than the grammar allows.
    return checkExpansion(select, ({ schema, name }) =>
      ofViews(below.filter((each) => cut(each.name) === name && (schema === undefined || cut(each.schema) === schema))),
    );
  }
  checkExpansion(query, (name) => {
    const relation = known.relation(name);
    return relation && ofViews([relation]);
  });
}

/**
 * Refuses views and SQL functions that use those below them twice or more. The planner expands them, which doubles with
 * each level, as with subqueries.
 */
function checkTables(references: References, known: Knowledge): void {
  const sizes = new Map<string, number>();
  const sum = (of: (each: string) => number, all: readonly string[]) =>
    all.reduce((total, each) => total + of(each), 0);

  function once(id: string, least: number, size: () => number): number {
    const before = sizes.get(id);
    if (before !== undefined) return before;
    // A cycle is not expanded again.
    sizes.set(id, least);
    const found = size();
    sizes.set(id, found);
    return found;
  }
  const ofRelation = (oid: string): number =>
    once(`relation ${oid}`, 1, () => {
      const relation = known.relationByOid(oid);
      if (relation?.kind !== "v" || relation.origin !== "user") return 1;
      // Before PostgreSQL 16, a view's tree contains the view itself.
      const others = relation.relations.filter((each) => each !== oid);
      return sum(ofRelation, others) + sum(ofProcedure, relation.reaches);
    });
  const ofProcedure = (oid: string): number =>
    once(`procedure ${oid}`, CALL, () => {
      const procedure = known.procedure(oid);
      if (procedure?.language !== "sql" || procedure.origin !== "user") return CALL;
      const inText = (known.body(procedure)?.references ?? []).map(ofReferences);
      const inTree = sum(ofRelation, procedure.relations) + sum(ofProcedure, procedure.reaches);
      return CALL + inTree + inText.reduce((total, each) => total + each, 0);
    });
  const ofName = (name: string) =>
    once(`name ${name}`, CALL, () => Math.max(CALL, ...known.procedures(name).map(({ oid }) => ofProcedure(oid))));
  function ofReferences({ relations, calls }: References): number {
    const oids = relations.flatMap((name) => known.relation(name)?.oid ?? []);
    return (
      sum(ofRelation, oids) +
      sum(
        ofName,
        calls.map(({ name }) => name),
      )
    );
  }
  if (ofReferences(references) <= MOST_TABLES) return;
  throw refused(
    `its views and functions use each other so often that the planner would come to more than ${MOST_TABLES} tables`,
    "Query the tables below them.",
  );
}
