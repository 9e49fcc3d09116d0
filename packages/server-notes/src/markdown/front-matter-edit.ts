import { quote, ToolError } from "@org/server-kit";
import { Document, isCollection, isMap, isScalar, type Pair } from "yaml";
import { findFrontMatter, parseFrontMatter, readFrontMatter, type Values } from "./front-matter.ts";
import { applySplices, lineEndOf, type Splice, withLineEnds } from "./text.ts";

/**
 * Sets keys of the front matter, and removes those whose value is null. Every other character of it stays: comments,
 * the order of keys, and scalars such as 007 and 1.10, which a YAML writer would write anew.
 * @throws ToolError unsupported when the front matter cannot be changed without harm
 */
export function setFrontMatter(text: string, changes: Values): string {
  const lineEnd = lineEndOf(text);
  const found = findFrontMatter(text);
  if (!found) {
    const fresh = entries(changes)
      .map(([key, value]) => entry(key, value))
      .join("");
    return fresh === "" ? text : `---${lineEnd}${withLineEnds(fresh, lineEnd)}---${lineEnd}${text}`;
  }
  const source = editSource(found.source, changes);
  verify(found.source, source, changes);
  if (source.trim() === "") return text.slice(found.bodyStart);
  return text.slice(0, found.start) + withLineEnds(source, lineEnd) + text.slice(found.end);
}

const entries = (changes: Values) =>
  Object.entries(changes).filter(([, value]) => value !== null && value !== undefined);

/**
 * One key in YAML that readers of YAML 1.1 understand too; on one line where a comment may follow.
 * @param isFlow whether a list is to be written [in, brackets], as the old one was
 */
function entry(key: string, value: unknown, isFlow = false): string {
  const document = new Document({ [key]: value }, { version: "1.2", compat: "yaml-1.1" });
  const node = document.get(key, true);
  if (isFlow && isCollection(node)) node.flow = true;
  return document.toString({ lineWidth: 0, blockQuote: false, flowCollectionPadding: false });
}

function editSource(source: string, changes: Values): string {
  const { document, problem } = parseFrontMatter(source);
  if (!document) throw broken(problem);
  const { contents } = document;
  if (contents !== null && !isMap(contents)) throw broken("it is no list of keys and values");
  if (contents?.flow) return editFlow(document, changes);
  const pairs = new Map<string, Pair>();
  for (const pair of contents?.items ?? []) if (isScalar(pair.key)) pairs.set(String(pair.key.value), pair);
  const splices: Splice[] = [];
  let added = "";
  for (const [key, value] of Object.entries(changes)) {
    const pair = pairs.get(key);
    if (pair) splices.push(replacePair(source, pair, key, value));
    else if (value !== null) added += entry(key, value);
  }
  const edited = applySplices(source, splices);
  return added === "" || edited === "" || edited.endsWith("\n") ? edited + added : `${edited}\n${added}`;
}

function replacePair(source: string, { key, value }: Pair, name: string, fresh: unknown): Splice {
  const start = rangeOf(key)?.[0];
  const [, keyEnd = 0] = rangeOf(key) ?? [];
  const [, valueEnd = keyEnd + 1, nodeEnd = valueEnd] = rangeOf(value) ?? [];
  // A key after "? ", or a set of keys: rewriting such a line is guessing.
  if (start === undefined || (start > 0 && source[start - 1] !== "\n"))
    throw broken("its keys are written in an unusual way");
  if (fresh === null) return { start, end: lineEndAfter(source, nodeEnd), text: "" };
  const written = entry(name, fresh, isCollection(value) && value.flow === true).trimEnd();
  return { start, end: valueEnd, text: source[valueEnd - 1] === "\n" ? `${written}\n` : written };
}

function lineEndAfter(source: string, at: number): number {
  if (source[at - 1] === "\n") return at;
  const newline = source.indexOf("\n", at);
  return newline === -1 ? source.length : newline + 1;
}

function rangeOf(node: unknown): readonly number[] | undefined {
  if (typeof node !== "object" || node === null || !("range" in node) || !Array.isArray(node.range)) return undefined;
  return node.range.filter((offset) => typeof offset === "number");
}

/** `{a: 1}` as a whole: there, the YAML writer has to do it. */
function editFlow(document: Document.Parsed, changes: Values): string {
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) document.delete(key);
    else document.set(key, document.createNode(value));
  }
  return document.toString({ lineWidth: 0 });
}

/** Nothing but the wanted keys may have changed, an alias of a removed anchor included. */
function verify(before: string, after: string, changes: Values): void {
  const [old, fresh] = [readFrontMatter(before), readFrontMatter(after)];
  const problem = old.problem ?? fresh.problem;
  if (problem !== undefined) throw broken(problem);
  const same = (key: string) => JSON.stringify(old.values[key]) === JSON.stringify(fresh.values[key]);
  const wanted = new Set(Object.keys(changes));
  const keys = new Set([...Object.keys(old.values), ...Object.keys(fresh.values)]);
  for (const key of keys) if (!wanted.has(key) && !same(key)) throw broken(`${quote(key)} would change as well`);
  for (const [key, value] of Object.entries(changes)) {
    const isRight = value === null ? !Object.hasOwn(fresh.values, key) : Object.hasOwn(fresh.values, key);
    if (!isRight) throw broken(`${quote(key)} cannot be set`);
  }
}

const broken = (problem: string) =>
  new ToolError(
    "unsupported",
    `the front matter cannot be changed key by key: ${problem}. Read the note and mend it with replace_text.`,
  );
