import type { Relation } from "./catalogue/catalogue.ts";
import type { Knowledge } from "./catalogue/knowledge.ts";
import type { Policy } from "./policy.ts";
import { isSecret, showsValues } from "./reviewed.ts";
import { refused } from "./text/statement.ts";

export const secret = (schema: string, name: string) =>
  refused(
    `${schema}.${name} holds secrets, or values of columns as such`,
    "list_tables lists what can be read; pg_roles lists roles, information_schema.foreign_servers servers, SHOW single settings.",
  );

/** Also for SHOW, which calls no function. */
export const secretSetting = () =>
  refused(
    "this role sees a setting that holds a password, and this may show it",
    "SHOW other settings by name; current_setting takes the name as a literal.",
  );

/** Checks allow-lists and secrets, for a relation named in the query and for those that a view reads. */
export function checkRelation(relation: Relation, known: Knowledge, policy: Policy): void {
  const { schema, name } = relation;
  if (isSecret(schema, name, policy.hidesSettings)) throw secret(schema, name);
  if ((policy.isNarrowed || policy.hasMasks) && showsValues(schema, name)) {
    throw refused(
      `${schema}.${name} shows values of columns that the options hide`,
      "describe_table shows statistics.",
    );
  }
  if (!policy.allows(schema, name)) {
    throw refused(
      `${schema}.${name} is not among the tables that --schemas and --tables allow`,
      "list_tables lists those.",
    );
  }
  const outside = policy.names(schema, name) ? undefined : beyond(relation, known, policy, new Set());
  if (outside) {
    throw refused(
      `${schema}.${name} reads ${outside.schema}.${outside.name}, which --schemas and --tables do not allow`,
      "Whoever runs this server can allow the view itself with --tables.",
    );
  }
}

/** A table outside the allow-lists that a view reads, at any depth. */
function beyond(relation: Relation, known: Knowledge, policy: Policy, seen: Set<string>): Relation | undefined {
  if (!policy.isNarrowed || relation.origin !== "user" || seen.has(relation.oid)) return undefined;
  seen.add(relation.oid);
  for (const oid of relation.relations) {
    const inner = known.relationByOid(oid);
    if (!inner || inner.oid === relation.oid) continue;
    if (!policy.allows(inner.schema, inner.name)) return inner;
    const outside = policy.names(inner.schema, inner.name) ? undefined : beyond(inner, known, policy, seen);
    if (outside) return outside;
  }
  return undefined;
}
