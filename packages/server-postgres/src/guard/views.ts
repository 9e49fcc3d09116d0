import type { Knowledge } from "./catalogue/knowledge.ts";
import type { References } from "./text/references.ts";
import { refused } from "./text/statement.ts";

/** Tables that the planner may come to when it has put every view, and function in SQL, in place of its name. */
const MOST_TABLES = 1000;
/** A call is that much less for the planner than a table. */
const CALL = 1 / 16;

/**
 * Refuses views, and functions in SQL, that use those below them twice or more. The planner writes them out, which doubles with
 * each level, as subqueries can.
 */
export function checkViews(references: References, known: Knowledge): void {
  const sizes = new Map<string, number>();
  const sum = (of: (each: string) => number, all: readonly string[]) =>
    all.reduce((total, each) => total + of(each), 0);

  function once(id: string, least: number, size: () => number): number {
    const before = sizes.get(id);
    if (before !== undefined) return before;
    // What leads back to itself is not written out again.
    sizes.set(id, least);
    const found = size();
    sizes.set(id, found);
    return found;
  }
  const ofRelation = (oid: string): number =>
    once(`relation ${oid}`, 1, () => {
      const relation = known.relationByOid(oid);
      if (relation?.kind !== "v" || relation.origin !== "user") return 1;
      // Before PostgreSQL 16 a view's tree names the view itself.
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
  const ofName = (name: string) => Math.max(CALL, ...known.procedures(name).map(({ oid }) => ofProcedure(oid)));
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
