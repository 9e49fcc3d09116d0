import type { Domain } from "./catalogue/catalogue.ts";
import type { Knowledge } from "./catalogue/knowledge.ts";
import { type ColumnTypes, isNear } from "./catalogue/overloads.ts";
import type { Call } from "./text/calls.ts";
import type { References } from "./text/references.ts";

type Judge = (oid: string, isPolicy: boolean) => string | undefined;

/** Gives the reason why a type is refused: for domains, for what measures and sorts values, and for casts. */
export function createTypes(known: Knowledge, byOid: Judge, operatorByOid: Judge) {
  const domainByOid = (oid: string) => inDomainOf(known.domainByOid(oid));
  const inDomain = (name: string) =>
    known
      .domains(name)
      .map(inDomainOf)
      .find((problem) => problem !== undefined);
  function inDomainOf(domain: Domain | undefined): string | undefined {
    if (!domain) return undefined;
    const parts = [
      ...domain.reaches.map((oid) => byOid(oid, false)),
      ...domain.operators.map((oid) => operatorByOid(oid, false)),
    ];
    return inType(domain, parts) ?? inMeasures(domain);
  }

  /** For existing values, which are only compared and sorted: domain checks do not run. */
  function inMeasures(domain: Domain | undefined): string | undefined {
    if (!domain) return undefined;
    return inType(domain, [
      ...domain.measures.map((oid) => byOid(oid, false)),
      ...domain.sorters.map((oid) => operatorByOid(oid, false)),
    ]);
  }

  function inType({ name }: Domain, parts: readonly (string | undefined)[]): string | undefined {
    const problem = parts.find((each) => each !== undefined);
    return problem === undefined ? undefined : `the type ${name} brings a function that hides a call: ${problem}`;
  }

  const inSorting = () => {
    const problem = known.sorting.map((oid) => byOid(oid, false)).find((each) => each !== undefined);
    return problem === undefined ? undefined : `what sorts values of the catalogue's own types is ${problem}`;
  };

  /** Reading a domain's column runs no checks, but converting a literal to its type, or to a row that contains it, does. */
  function inColumns({ calls, operators, relations, makesValues }: References): string | undefined {
    const combines = ({ name, args }: Call) =>
      name.startsWith("array_") ||
      known
        .procedures(name)
        .some(
          (each) =>
            each.args.filter(({ kind }) => kind === "p").length > (each.origin === "user" ? 0 : 1) && args.length > 0,
        );
    const fills = ({ name }: Call) => known.operators(name).some(({ args }) => args.some(({ kind }) => kind === "p"));
    if (!makesValues && !calls.some(combines) && !operators.some(fills)) return undefined;
    return relations
      .flatMap((name) => known.relation(name)?.domains ?? [])
      .map(domainByOid)
      .find((problem) => problem !== undefined);
  }

  function inCasts(references: References, columns: ColumnTypes, handled: readonly string[] = []): string | undefined {
    const relations = references.relations.map((name) => known.relation(name));
    for (const cast of known.casts) {
      if (!isNear(cast, references, relations, known, columns, handled)) continue;
      const problem = byOid(cast.procedure, false);
      if (problem !== undefined)
        return `a cast from ${cast.source} to ${cast.target} that this query may use is ${problem}`;
    }
    return undefined;
  }

  return { domainByOid, inDomain, inMeasures, inSorting, inColumns, inCasts };
}
