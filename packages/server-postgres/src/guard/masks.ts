import { child, list, nameParts, type Tree, text, unwrap, walk } from "../grammar/tree.ts";
import type { Relation } from "./catalogue/catalogue.ts";
import type { Knowledge } from "./catalogue/knowledge.ts";
import type { Policy } from "./policy.ts";
import { SYSTEM_COLUMNS } from "./text/columns.ts";
import type { References } from "./text/references.ts";
import { refused } from "./text/statement.ts";

/** Columns whose values are replaced in the answer, as the table's oid and the column's number: `16385.3`. */
export type Masked = ReadonlySet<string>;

const INSTEAD = "It may be selected as it is, and comes back masked; leave it out of everything else.";

/**
 * A masked column may only appear on its own in the outermost SELECT list, where its values are replaced. Anywhere else
 * the answer would depend on them: in WHERE, in ORDER BY, in a function, in a subquery.
 */
export function checkMasks(query: Tree, references: References, known: Knowledge, policy: Policy): Masked {
  const masked = new Set<string>();
  const names = new Set<string>();
  if (!policy.hasMasks) return masked;
  for (const name of references.relations) {
    const relation = known.relation(name);
    if (!relation) continue;
    const columns = maskedIn(relation, policy);
    for (const [column, , number] of relation.columns) {
      if (!columns.has(column)) continue;
      masked.add(`${relation.oid}.${number}`);
      names.add(column);
    }
    const through = viewOf(relation, known, policy, new Set());
    if (through !== undefined) {
      throw refused(
        `${relation.schema}.${relation.name} passes on ${through}, which is masked`,
        "Read the table itself, without that column.",
      );
    }
  }
  for (const call of references.calls) {
    for (const procedure of known.procedures(call.name)) {
      const read = [
        ...procedure.relations.map((oid) => known.relationByOid(oid)),
        ...textRelations(procedure.oid, known),
      ];
      const hidden = read.find((relation) => relation && showsMasked(relation, known, policy));
      if (hidden)
        throw refused(
          `${procedure.schema}.${procedure.name}() reads ${hidden.schema}.${hidden.name}, which has masked columns`,
          "Query without it.",
        );
    }
  }
  if (names.size > 0) checkUse(query, names, references, known);
  return masked;
}

/**
 * A mask on a partitioned table also applies to its partitions. A partition's mask also applies when its rows are read
 * through the parent, and any mask applies to generated columns computed from it.
 */
function maskedIn({ kin, generated }: Relation, policy: Policy): ReadonlySet<string> {
  const masked = new Set(kin.flatMap(([schema, name]) => [...policy.masked(schema, name)]));
  for (const [column, source] of generated) if (masked.has(source)) masked.add(column);
  return masked;
}

/** Whether a relation has masked columns, or is a view that exposes some. */
export const showsMasked = (relation: Relation, known: Knowledge, policy: Policy): boolean =>
  policy.hasMasks && (maskedIn(relation, policy).size > 0 || viewOf(relation, known, policy, new Set()) !== undefined);

function textRelations(oid: string, known: Knowledge): readonly (Relation | undefined)[] {
  const procedure = known.procedure(oid);
  const body = procedure && known.body(procedure);
  return body?.references.flatMap(({ relations }) => relations.map((name) => known.relation(name))) ?? [];
}

/** The masked column that a view reads, at any depth. */
function viewOf(view: Relation, known: Knowledge, policy: Policy, seen: Set<string>): string | undefined {
  if (view.origin !== "user" || seen.has(view.oid)) return undefined;
  seen.add(view.oid);
  for (const [oid, column] of view.reads) {
    const table = known.relationByOid(oid);
    if (table && maskedIn(table, policy).has(column)) return `${table.name}.${column}`;
  }
  for (const oid of view.relations) {
    const inner = known.relationByOid(oid);
    if (!inner || inner.oid === view.oid) continue;
    if (view.hasWholeRow && maskedIn(inner, policy).size > 0) return `rows of ${inner.name}`;
    const through = viewOf(inner, known, policy, seen);
    if (through !== undefined) return through;
  }
  return undefined;
}

function checkUse(query: Tree, columns: ReadonlySet<string>, references: References, known: Knowledge): void {
  const use = (what: string) => refused(`${what} depends on a masked column`, INSTEAD);
  const isTop = text(query, "op") === "SETOP_NONE" && !child(query, "withClause");
  if (!isTop)
    throw refused("a query over a table with masked columns may have no WITH, UNION or the like", "Write one SELECT.");
  const tables = new Set<string>();
  for (const [kind, node] of walk(list(query, "fromClause"))) {
    if (kind === "RangeSubselect" || kind === "RangeFunction") continue;
    if (kind !== "RangeVar" && kind !== "JoinExpr") continue;
    const [name, alias] = [text(node, "relname") ?? "", child(node, "alias")];
    tables.add(text(alias, "aliasname") ?? name);
    if (list(alias, "colnames").length > 0) throw use("an alias that renames columns");
  }
  // Columns on their own in the outermost list.
  const plain = new Set<Tree>();
  const aliases = new Set<string | undefined>();
  for (const target of list(query, "targetList")) {
    const [kind, node] = unwrap(child(child(target, "ResTarget"), "val")) ?? [];
    if (kind !== "ColumnRef" || !node) continue;
    plain.add(node);
    if (isOf(nameParts(list(node, "fields")).at(-1), columns)) aliases.add(text(child(target, "ResTarget"), "name"));
  }
  aliases.delete(undefined);
  if (
    list(query, "sortClause").length > 0 ||
    list(query, "groupClause").length > 0 ||
    list(query, "distinctClause").length > 0
  ) {
    const isMasked = [...plain].some((node) => isOf(nameParts(list(node, "fields")).at(-1), columns));
    const sorted = list(query, "sortClause").map((each) => child(child(each, "SortBy"), "node") ?? {});
    const grouped = [...walk(list(query, "groupClause"))].map(([kind, node]) => ({ [kind]: node }));
    const byPosition = [...sorted, ...grouped].some(
      (each) =>
        child(child(each, "A_Const"), "ival") ||
        aliases.has(nameParts(list(child(each, "ColumnRef"), "fields")).at(-1)),
    );
    if (isMasked && (byPosition || list(query, "distinctClause").length > 0)) throw use("the order or the groups");
  }
  const inner = new Set<Tree>();
  const all = references.relations.flatMap((name) => known.relation(name)?.columns ?? []);
  const isColumn = (name: string) => SYSTEM_COLUMNS.has(name) || all.some(([column]) => column === name);
  for (const [kind, node] of walk(query)) {
    if (kind === "SelectStmt") inner.add(node);
    if (
      kind === "JoinExpr" &&
      (node.isNatural === true || nameParts(list(node, "usingClause")).some((name) => isOf(name, columns)))
    ) {
      throw use("NATURAL or USING");
    }
    if (kind !== "ColumnRef") continue;
    const fields = list(node, "fields");
    const [last, table] = nameParts(fields).toReversed();
    // `u.f` means `f(u)` if no column has that name.
    if (table !== undefined && last !== undefined && tables.has(table) && !isColumn(last)) throw use("a whole row");
    if (plain.has(node)) {
      // `SELECT u FROM users u` is the whole row.
      if (fields.length === 1 && last !== undefined && tables.has(last)) throw use("a whole row");
      continue;
    }
    if (last === undefined) throw use("a star inside of the query");
    if (columns.has(last)) throw use(`the use of ${last}`);
    if (tables.has(last) && fields.length === 1) throw use("a whole row");
  }
  for (const select of inner) {
    const read = referencesIn(select, references, known);
    if (read) throw refused("a subquery reads a table with masked columns", "Read it in the outermost SELECT.");
  }

  function referencesIn(select: Tree, { relations }: References, { relation }: Knowledge): boolean {
    const names = new Set(relations.filter((name) => columnsOf(relation(name))).map(({ name }) => name));
    for (const [kind, node] of walk(select))
      if (kind === "RangeVar" && names.has(text(node, "relname") ?? "")) return true;
    return false;
  }
  function columnsOf(relation: Relation | undefined): boolean {
    return relation?.columns.some(([name]) => columns.has(name)) ?? false;
  }
}

const isOf = (name: string | undefined, columns: ReadonlySet<string>) => name === undefined || columns.has(name);
