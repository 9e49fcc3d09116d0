/** A node of the tree from PostgreSQL's grammar: `{ FuncCall: { funcname: [...] } }`. */
export type Tree = { readonly [key: string]: unknown };

export const isTree = (value: unknown): value is Tree =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The node under a key, without the wrapper that gives its kind. */
export function child(tree: Tree | undefined, key: string): Tree | undefined {
  const value = tree?.[key];
  return isTree(value) ? value : undefined;
}

export function list(tree: Tree | undefined, key: string): readonly Tree[] {
  const value = tree?.[key];
  return Array.isArray(value) ? value.filter(isTree) : [];
}

export function text(tree: Tree | undefined, key: string): string | undefined {
  const value = tree?.[key];
  return typeof value === "string" ? value : undefined;
}

/** The kind of a wrapped node, and the node. */
export function unwrap(tree: Tree | undefined): readonly [string, Tree] | undefined {
  const [kind] = tree ? Object.keys(tree) : [];
  const node = kind === undefined ? undefined : child(tree, kind);
  return kind !== undefined && node ? [kind, node] : undefined;
}

/** A name in parts: `[{ String: { sval: "pg_catalog" } }, …]`. Stars and subscripts become undefined. */
export function nameParts(nodes: readonly Tree[]): readonly (string | undefined)[] {
  return nodes.map((node) => text(child(node, "String"), "sval"));
}

/** Keys with a SelectStmt that has no wrapper. */
const BARE = new Set(["larg", "rarg"]);

/** Every node below, each with its kind. A loop instead of recursion, since a caller controls the depth of a statement. */
export function* walk(root: unknown): Generator<readonly [kind: string, node: Tree]> {
  const rest: unknown[] = [root];
  while (rest.length > 0) {
    const value = rest.pop();
    if (Array.isArray(value)) {
      for (let at = value.length - 1; at >= 0; at--) rest.push(value[at]);
    } else if (isTree(value)) {
      for (const key in value) {
        const inner = value[key];
        if (typeof inner !== "object" || inner === null) continue;
        if (isTree(inner)) {
          const kind = kindOf(key, inner);
          if (kind !== undefined) yield [kind, inner];
        }
        rest.push(inner);
      }
    }
  }
}

/** A `$1` in a statement. */
export interface Parameter {
  readonly number: number;
  /** Its offset in the text, in bytes. */
  readonly at: number;
}

export function parametersOf(root: Tree): readonly Parameter[] {
  const found: Parameter[] = [];
  for (const [kind, node] of walk(root)) {
    if (kind === "ParamRef") found.push({ number: Number(node.number ?? 0), at: Number(node.location ?? 0) });
  }
  return found;
}

const [A, Z] = [65, 90];

/** Kinds begin with a capital; `typeName` and the arms of a UNION have no wrapper. */
function kindOf(key: string, node: Tree): string | undefined {
  const first = key.charCodeAt(0);
  if (first >= A && first <= Z) return key;
  if (key === "typeName") return "TypeName";
  return BARE.has(key) && "op" in node ? "SelectStmt" : undefined;
}
