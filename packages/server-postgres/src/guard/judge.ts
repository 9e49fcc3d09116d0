import { checkRelation, secret, secretSetting } from "./allowed.ts";
import type { Knowledge } from "./catalogue/knowledge.ts";
import { columnTypes, distinct } from "./catalogue/overloads.ts";
import { asksForSecret, createFunctions, readsOtherwise, shown } from "./parts.ts";
import type { Policy } from "./policy.ts";
import { isSecret } from "./reviewed.ts";
import type { Call } from "./text/calls.ts";
import type { References } from "./text/references.ts";
import { refused } from "./text/statement.ts";

const WAY_OUT = "Query without it; whoever runs this server can vouch for a function with --functions.";

/**
 * Judges what a query would run and read, by the server's own catalogue. A function counts with everything below it:
 * its text, and the functions of operators, casts, aggregates, views and row-level policies.
 * @throws ToolError that names the part
 */
export function judge(all: References, known: Knowledge, policy: Policy): void {
  const unsound = all.doubtful.find((name) => !known.isSound(name));
  if (unsound !== undefined) throw refused(readsOtherwise(unsound), "* selects columns without their names.");
  const functions = createFunctions(known, policy);
  const relations = all.relations.map((name) => known.relation(name));
  const columns = columnTypes(all, relations, known);
  const references = distinct(all, columns);
  for (const name of references.relations) {
    const relation = known.relation(name);
    if (!relation && name.schema !== undefined && isSecret(name.schema, name.name, policy.hidesSettings))
      throw secret(name.schema, name.name);
    if (!relation) continue;
    checkRelation(relation, known, policy);
    const problem = functions.inRelation(relation);
    if (problem !== undefined) throw refused(`${shown(relation)} ${problem}`, WAY_OUT);
  }
  for (const call of references.calls) {
    const problem = functions.inCall(call, columns);
    if (problem !== undefined) throw refused(problem, insteadOf(call));
  }
  for (const call of references.operators) {
    const problem = functions.inOperator(call, columns);
    if (problem !== undefined) throw refused(problem, WAY_OUT);
  }
  for (const { name } of references.types) {
    const problem = functions.inDomain(name);
    if (problem !== undefined) throw refused(problem, WAY_OUT);
  }
  if (policy.hidesSettings && asksForSecret(references)) throw secretSetting();
  const column = functions.inColumns(references);
  if (column !== undefined) throw refused(column, WAY_OUT);
  const sorting = functions.inSorting();
  if (sorting !== undefined) throw refused(sorting, WAY_OUT);
  const cast = functions.inCasts(references, columns);
  if (cast !== undefined) throw refused(cast, WAY_OUT);
}

function insteadOf({ name }: Call): string {
  if (/^pg_sleep/.test(name)) return "Leave the wait out.";
  if (name === "nextval" || name === "setval") return "Read a sequence with SELECT last_value FROM it.";
  if (name === "set_config") return "Each call has fixed settings, which end with it.";
  if (/_to_xml/.test(name)) return "Write the query itself.";
  if (name.startsWith("crosstab")) return "Write the query itself, with sum(…) FILTER (WHERE …) for each column.";
  return WAY_OUT;
}
