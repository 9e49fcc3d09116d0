import { type AnyNode, type Expression, type ObjectExpression, parse } from "acorn";
import { Failure } from "../failure.ts";
import { boundBy, childrenOf, isFunction, isKey, patternsOf } from "./syntax.ts";

export interface LazyOptions {
  /** Whether an import is the function that makes a schema, and not the schema itself. */
  readonly isLazyImport: (name: string, from: string) => boolean;
  /** What other modules import from this one: schemas, or the functions that make them. */
  readonly exported: "schemas" | "functions";
}

export interface LazyText {
  readonly text: string;
  /** How many schemas at the top of the module are made on first use. */
  readonly schemas: number;
  /** How many functions build a whole set of schemas, each of which is made on first use. */
  readonly builders: number;
  /** How many objects that list schemas get them on first use. */
  readonly lists: number;
}

/** A statement `const name = init;`. */
interface Constant {
  readonly name: string;
  readonly init: Expression;
}

type Names = ReadonlySet<string>;

const SCHEMA = /Schema(?:\$\d+)?$/;
const LIST = /[sS]chemas\d*$/;
/** A function that declares as many schemas exists to build them. */
const BUILDER = 50;

const LIST_ON_USE = `
function listOnUse(makers) {
	const list = {};
	for (const [name, make] of Object.entries(makers)) {
		const get = () => {
			const value = make();
			Object.defineProperty(list, name, { value });
			return value;
		};
		Object.defineProperty(list, name, { get, enumerable: true, configurable: true });
	}
	return list;
}`;

/**
 * Rewrites a module so that each schema is made when it is first used. `const ToolSchema = z.object(…)` becomes a function
 * that makes it once, and `ToolSchema` becomes `ToolSchema()` wherever it is read. That holds for constants at the top
 * whose value is or needs a schema, and for those of functions that build sets of schemas. Objects that list schemas get
 * their properties on first use.
 * @throws Failure when such a name is declared or assigned once more, so that it could mean something else
 */
export function makeSchemasLazy(source: string, { isLazyImport, exported }: LazyOptions): LazyText {
  const edits: { start: number; end: number; text: string }[] = [];
  const replace = (start: number, end: number, text: string) => edits.push({ start, end, text });
  const insert = (at: number, text: string) => replace(at, at, text);
  const values = new Set<string>();
  let [schemas, builders, lists] = [0, 0, 0];

  function rewriteTop(statements: readonly AnyNode[]): void {
    const imported = importsOf(statements, isLazyImport);
    const constants = constantsIn(statements, imported);
    schemas = constants.size;
    const names = new Set([...imported, ...namesOf(constants)]);
    for (const statement of statements) {
      const constant = constants.get(statement);
      if (constant) rewriteConstant(statement, constant, names);
      else if (statement.type === "FunctionDeclaration" && isBuilder(statement.body.body)) {
        builders += 1;
        rewriteBuilder(statement.body.body, names);
      } else if (statement.type === "ExportNamedDeclaration" && !statement.declaration) {
        for (const { local } of exported === "schemas" ? statement.specifiers : []) {
          if (local.type !== "Identifier" || !names.has(local.name)) continue;
          values.add(local.name);
          replace(local.start, local.end, `${local.name}$value`);
        }
      } else if (statement.type !== "ImportDeclaration") rewrite(statement, names);
    }
  }

  function rewriteBuilder(statements: readonly AnyNode[], outer: Names): void {
    const constants = constantsIn(statements);
    const names = new Set([...outer, ...namesOf(constants)]);
    for (const statement of statements) {
      const constant = constants.get(statement);
      const built = statement.type === "ReturnStatement" ? statement.argument : undefined;
      if (constant) rewriteConstant(statement, constant, names);
      else if (built?.type === "ObjectExpression") rewriteList(built, names);
      else rewrite(statement, names);
    }
  }

  function rewriteConstant(statement: AnyNode, { name, init }: Constant, names: Names): void {
    replace(statement.start, init.start, `var ${name}$made; function ${name}() { return ${name}$made ??= `);
    if (init.type === "ObjectExpression" && LIST.test(name)) rewriteList(init, names);
    else rewrite(init, names);
    replace(init.end, statement.end, "; }");
  }

  function rewrite(node: AnyNode, names: Names, parent?: AnyNode): void {
    const again = patternsOf(node)
      .flatMap(boundBy)
      .find((name) => names.has(name));
    if (again !== undefined) throw unexpected(`${again} is declared or assigned again`);
    if (node.type === "Identifier") {
      if (!names.has(node.name) || isKey(node, parent)) return;
      insert(node.end, parent?.type === "Property" && parent.shorthand ? `: ${node.name}()` : "()");
    } else if (node.type === "ObjectExpression" && listsSchemas(node)) rewriteList(node, names);
    else for (const child of childrenOf(node)) rewrite(child, names, node);
  }

  function rewriteList(node: ObjectExpression, names: Names): void {
    lists += 1;
    insert(node.start, "listOnUse(");
    for (const property of node.properties) {
      if (property.type !== "Property" || property.kind !== "init" || property.computed) {
        throw unexpected("a list holds something else");
      }
      const { value, shorthand } = property;
      if (shorthand && value.type === "Identifier") {
        insert(value.end, `: () => ${value.name}${names.has(value.name) ? "()" : ""}`);
        continue;
      }
      insert(value.start, "() => (");
      rewrite(value, names, property);
      insert(value.end, ")");
    }
    insert(node.end, ")");
  }

  rewriteTop(parse(source, { ecmaVersion: "latest", sourceType: "module" }).body);
  const tail = [...values].map((name) => `\nconst ${name}$value = /* @__PURE__ */ ${name}();`);
  if (lists > 0) tail.push(LIST_ON_USE);
  return { text: [applied(source, edits), ...tail].join(""), schemas, builders, lists };
}

function importsOf(body: readonly AnyNode[], isLazy: LazyOptions["isLazyImport"]): Set<string> {
  const found = new Set<string>();
  for (const node of body) {
    if (node.type !== "ImportDeclaration") continue;
    for (const { local } of node.specifiers) if (isLazy(local.name, String(node.source.value))) found.add(local.name);
  }
  return found;
}

/** Constants that are no functions: all, or those that are schemas or need one, given the names of imported ones. */
function constantsIn(statements: readonly AnyNode[], imported?: Names): Map<AnyNode, Constant> {
  const found = new Map<AnyNode, Constant>();
  const names = new Set(imported);
  for (const statement of statements) {
    if (statement.type !== "VariableDeclaration" || statement.kind !== "const") continue;
    const [declared, ...others] = statement.declarations;
    if (!declared?.init || others.length > 0 || declared.id.type !== "Identifier") continue;
    const { id, init } = declared;
    if (isFunction(init) || (imported && !SCHEMA.test(id.name) && !needs(init, names))) continue;
    found.set(statement, { name: id.name, init });
    names.add(id.name);
  }
  return found;
}

const namesOf = (constants: ReadonlyMap<AnyNode, Constant>) => [...constants.values()].map(({ name }) => name);

/** Whether one of the names is read to evaluate `node`, and not only when a function in it is called. */
function needs(node: AnyNode, names: Names, parent?: AnyNode): boolean {
  if (node.type === "Identifier") return names.has(node.name) && !isKey(node, parent);
  return !isFunction(node) && childrenOf(node).some((child) => needs(child, names, node));
}

function isBuilder(statements: readonly AnyNode[]): boolean {
  return namesOf(constantsIn(statements)).filter((name) => SCHEMA.test(name)).length >= BUILDER;
}

/** Whether an object holds schemas of another object, and nothing else. */
function listsSchemas({ properties }: ObjectExpression): boolean {
  const isSchema = (node: AnyNode) =>
    node.type === "MemberExpression" && node.property.type === "Identifier" && SCHEMA.test(node.property.name);
  return (
    properties.length > 1 && properties.every((property) => property.type === "Property" && isSchema(property.value))
  );
}

function applied(source: string, edits: readonly { start: number; end: number; text: string }[]): string {
  let [text, at] = ["", 0];
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    text += source.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return text + source.slice(at);
}

function unexpected(what: string): Failure {
  return new Failure(`The SDK's schemas cannot be made on first use: ${what}.`);
}
