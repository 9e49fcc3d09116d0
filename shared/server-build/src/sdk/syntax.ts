import type { AnyNode, Pattern } from "acorn";
import { isObject } from "../json.ts";

export function childrenOf(node: AnyNode): AnyNode[] {
  return Object.values(node).flat().filter(isNode);
}

function isNode(value: unknown): value is AnyNode {
  return isObject(value) && typeof value.type === "string" && typeof value.start === "number";
}

export function isFunction({ type }: AnyNode): boolean {
  return type === "ArrowFunctionExpression" || type === "FunctionExpression";
}

/** Whether an identifier only names a property. */
export function isKey(node: AnyNode, parent: AnyNode | undefined): boolean {
  switch (parent?.type) {
    case "MemberExpression":
      return parent.property === node && !parent.computed;
    case "Property":
    case "PropertyDefinition":
    case "MethodDefinition":
      return parent.key === node && !parent.computed;
    default:
      return false;
  }
}

/** What a node declares or assigns. */
export function patternsOf(node: AnyNode): readonly (Pattern | null | undefined)[] {
  switch (node.type) {
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return [node.id, ...node.params];
    case "ClassDeclaration":
    case "ClassExpression":
    case "VariableDeclarator":
      return [node.id];
    case "AssignmentExpression":
    case "ForInStatement":
    case "ForOfStatement":
      return node.left.type === "VariableDeclaration" ? [] : [node.left];
    case "CatchClause":
      return [node.param];
    default:
      return [];
  }
}

/** The names in a pattern. */
export function boundBy(pattern: Pattern | null | undefined): string[] {
  switch (pattern?.type) {
    case "Identifier":
      return [pattern.name];
    case "ObjectPattern":
      return pattern.properties.flatMap((part) => boundBy(part.type === "Property" ? part.value : part.argument));
    case "ArrayPattern":
      return pattern.elements.flatMap(boundBy);
    case "AssignmentPattern":
      return boundBy(pattern.left);
    case "RestElement":
      return boundBy(pattern.argument);
    default:
      return [];
  }
}
