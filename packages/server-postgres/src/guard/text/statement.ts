import { ToolError } from "@org/server-kit";
import { empty } from "../../grammar/parse.ts";
import { child, list, type Tree, unwrap, walk } from "../../grammar/tree.ts";

export interface Statement {
  readonly kind: "select" | "show" | "explain";
  readonly tree: Tree;
  /** The query of an EXPLAIN. */
  readonly explained: Tree | undefined;
}

/** What to use instead, for statements that people try. */
const INSTEAD: Readonly<Record<string, string>> = {
  CopyStmt: "Use SELECT: rows come back page by page.",
  ExplainStmt: "EXPLAIN takes a SELECT here.",
  TransactionStmt: "Each call is a transaction of its own.",
  VariableSetStmt: "Each call has fixed settings, which end with it.",
  PrepareStmt: "Pass values as params ($1).",
  ExecuteStmt: "Pass values as params ($1).",
  DeclareCursorStmt: "Rows come back page by page as it is.",
};

const VERBS: Readonly<Record<string, string>> = {
  InsertStmt: "INSERT",
  UpdateStmt: "UPDATE",
  DeleteStmt: "DELETE",
  MergeStmt: "MERGE",
  CopyStmt: "COPY",
  DoStmt: "DO",
  CallStmt: "CALL",
  TransactionStmt: "transaction control",
  VariableSetStmt: "SET or RESET",
  CreateTableAsStmt: "CREATE TABLE AS",
};

const verbOf = (kind: string) =>
  VERBS[kind] ??
  kind
    .replace(/Stmt$/, "")
    .replace(/(?<=[a-z])(?=[A-Z])/g, " ")
    .toUpperCase();

/** A refusal by the guard, which says what is refused, why, and what to do instead. */
export const refused = (what: string, instead = "This server only reads.") =>
  new ToolError("access_denied", `refused: ${what}. ${instead}`);

/**
 * Accepts one statement that reads: SELECT, VALUES, TABLE, WITH of those, SHOW, and EXPLAIN of those. It works on the
 * parsed tree, so comments, brackets and line breaks make no difference.
 * @throws ToolError
 */
export function readStatement(statements: readonly Tree[]): Statement {
  const [only, second] = statements;
  if (!only) throw empty();
  if (second) throw refused(`the text holds ${statements.length} statements`, "Send one at a time.");
  const [kind, tree] = unwrap(child(only, "stmt")) ?? ["", {}];
  if (kind === "VariableShowStmt") return { kind: "show", tree, explained: undefined };
  if (kind === "SelectStmt") {
    checkParts(tree);
    return { kind: "select", tree, explained: undefined };
  }
  if (kind !== "ExplainStmt") throw refused(`${verbOf(kind)} is not a statement that reads`, INSTEAD[kind]);
  const [inner, explained] = unwrap(child(tree, "query")) ?? ["", {}];
  if (inner !== "SelectStmt")
    throw refused(`EXPLAIN of ${verbOf(inner)} is not a statement that reads`, INSTEAD.ExplainStmt);
  checkParts(explained);
  return { kind: "explain", tree, explained };
}

/** A SELECT can contain parts that write: in a WITH, as INTO, as a lock. */
export function checkParts(select: Tree): void {
  refuseClauses(select);
  for (const [kind, node] of walk(select)) {
    if (kind === "SelectStmt") refuseClauses(node);
    else if (kind.endsWith("Stmt")) throw refused(`${verbOf(kind)} inside of the query writes`);
    else if (kind === "LockingClause") throw lock();
  }
}

function refuseClauses(select: Tree): void {
  if (child(select, "intoClause"))
    throw refused("SELECT INTO makes a table", "Leave INTO out: rows come back as they are.");
  if (list(select, "lockingClause").length > 0) throw lock();
}

const lock = () => refused("FOR UPDATE, FOR SHARE and the like lock rows", "Leave the locking clause out.");
