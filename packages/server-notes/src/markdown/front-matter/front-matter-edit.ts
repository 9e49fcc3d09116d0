import { quote, ToolError } from "@org/server-kit";
import { Document, isCollection, isMap, isScalar, type Pair } from "yaml";
import { applySplices, type LineEnd, lineEndOf, type Splice, withLineEnds } from "../text.ts";
import { findFrontMatter, parseFrontMatter, readFrontMatter, type Values } from "./front-matter.ts";

/**
 * Sets keys of the front matter, and removes those whose value is null. Everything else stays unchanged: comments, the
 * order of keys, and scalars such as 007 and 1.10, which a YAML writer would reformat. @throws ToolError unsupported
 * when the front matter cannot be changed safely
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
  const source = editSource(found.source, changes, lineEnd);
  verifyEdit(found.source, source, changes);
  if (source.trim() === "") return text.slice(found.bodyStart);
  return text.slice(0, found.start) + source + text.slice(found.end);
}

const entries = (changes: Values) =>
  Object.entries(changes).filter(([, value]) => value !== null && value !== undefined);

/**
 * One key in YAML that YAML 1.1 readers understand too; on one line if a comment may follow. @param isFlow whether to
 * write a list [in, brackets], like the old one
 */
function entry(key: string, value: unknown, isFlow = false): string {
  const document = new Document({ [key]: value }, { version: "1.2", compat: "yaml-1.1" });
  const node = document.get(key, true);
  if (isFlow && isCollection(node)) node.flow = true;
  return document.toString({ lineWidth: 0, blockQuote: false, flowCollectionPadding: false });
}

function editSource(source: string, changes: Values, lineEnd: LineEnd): string {
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
  // In a note with mixed line ends, new lines get the line end of the first line.
  const written = splices.map((splice) => ({ ...splice, text: withLineEnds(splice.text, lineEnd) }));
  const edited = applySplices(source, written);
  added = withLineEnds(added, lineEnd);
  return added === "" || edited === "" || edited.endsWith("\n") ? edited + added : edited + lineEnd + added;
}

function replacePair(source: string, { key, value }: Pair, name: string, fresh: unknown): Splice {
  const start = rangeOf(key)?.[0];
  const [, keyEnd = 0] = rangeOf(key) ?? [];
  const [, valueEnd = keyEnd + 1, nodeEnd = valueEnd] = rangeOf(value) ?? [];
  // A key after "? ", or a set of keys, cannot be rewritten reliably.
  if (start === undefined || (start > 0 && source[start - 1] !== "\n"))
    throw broken("its keys are written in an unusual way");
  if (fresh === null) return { start, end: lineEndAfter(source, nodeEnd), text: "" };
  const written = entry(name, fresh, isCollection(value) && value.flow === true).trimEnd();
  if (source[valueEnd - 1] === "\n") return { start, end: valueEnd, text: `${written}\n` };
  // An empty value ends after the blank that makes the rest a comment.
  return { start, end: valueEnd, text: source[valueEnd] === "#" ? `${written} ` : written };
}

/** The position after the end of the line that contains `at`; `at` itself at the beginning of a line. */
export function lineEndAfter(source: string, at: number): number {
  if (source[at - 1] === "\n") return at;
  const newline = source.indexOf("\n", at);
  return newline === -1 ? source.length : newline + 1;
}

/** Start, end of the value, and end including what trails it, in the source; undefined if it is not a node. */
export function rangeOf(node: unknown): readonly number[] | undefined {
  if (typeof node !== "object" || node === null || !("range" in node) || !Array.isArray(node.range)) return undefined;
  return node.range.filter((offset) => typeof offset === "number");
}

/** For `{a: 1}` as a whole, the YAML writer has to do it. If it changes anything else, `verifyEdit` refuses. */
function editFlow(document: Document.Parsed, changes: Values): string {
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) document.delete(key);
    else document.set(key, document.createNode(value));
  }
  return document.toString({ lineWidth: 0 });
}

/**
 * Only the wanted keys may have changed, in meaning and in spelling, and must now have the requested values. This
 * guards against an alias of a removed anchor, a comment that became part of a value, and the like. @throws ToolError
 * unsupported
 */
export function verifyEdit(before: string, after: string, changes: Values): void {
  const [old, fresh] = [readFrontMatter(before), readFrontMatter(after)];
  const problem = old.problem ?? fresh.problem;
  if (problem !== undefined) throw broken(problem);
  const [oldTexts, freshTexts] = [pairTexts(before), pairTexts(after)];
  const keys = new Set([...Object.keys(old.values), ...Object.keys(fresh.values), ...oldTexts.keys()]);
  for (const key of keys) {
    if (Object.hasOwn(changes, key)) continue;
    const isSame = sameValue(old.values[key], fresh.values[key]) && oldTexts.get(key) === freshTexts.get(key);
    if (!isSame) throw broken(`${quote(key)} would change as well`);
  }
  for (const [key, value] of Object.entries(changes)) {
    const isThere = Object.hasOwn(fresh.values, key);
    const isRight = value === null ? !isThere : isThere && sameValue(fresh.values[key], value);
    if (!isRight) throw broken(`${quote(key)} cannot be set`);
  }
}

const sameValue = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** How each key and its value are written. */
function pairTexts(source: string): ReadonlyMap<string, string> {
  const { document } = parseFrontMatter(source);
  const texts = new Map<string, string>();
  for (const { key, value } of isMap(document?.contents) ? document.contents.items : []) {
    const [start, keyEnd] = rangeOf(key) ?? [];
    if (isScalar(key)) texts.set(String(key.value), source.slice(start, rangeOf(value)?.[1] ?? keyEnd).trimEnd());
  }
  return texts;
}

/** The refusal of a change that would affect something else. */
export const broken = (problem: string) =>
  new ToolError(
    "unsupported",
    `the front matter cannot be changed key by key: ${problem}. Read the note and fix it with replace_text.`,
  );
