import { type BeneathCode, BeneathError, type Kind, type ScanDirectory, type ScanEntry } from "@org/beneath";
import { compileExclude } from "../glob/glob.ts";
import { createIgnored, type IgnoreTexts } from "../glob/ignore-files.ts";
import { type JobContext, Stopped } from "./job-context.ts";

export interface TreeArgs {
  readonly maxDepth: number | undefined;
  readonly exclude: readonly string[];
  readonly maxEntries: number;
  readonly maxCharacters: number;
  /** The rules of the directories above the start; undefined if none apply. */
  readonly ignore: readonly IgnoreTexts[] | undefined;
}

export interface TreeResult {
  /** JSON: an array of entries with name, type and, for a directory, children. */
  readonly text: string;
  readonly shown: number;
  /** Entries left out of directories that are shown in part. */
  readonly left: number;
  /** Directories not listed for lack of room, or below maxDepth. */
  readonly unlisted: number;
  readonly deeper: number;
  /** Directories that could not be read. */
  readonly unread: number;
  /** Entries hidden by ignore files; a directory counts as one. */
  readonly ignored: number;
  readonly stopped: boolean;
}

interface Node {
  readonly name: string;
  readonly type: Kind;
  readonly children?: Node[];
  directory?: ScanDirectory;
  more?: number;
  truncated?: boolean;
  problem?: BeneathCode;
  /** Entries hidden by ignore files. */
  ignored?: number;
}

/** Characters of an entry besides its name; a directory may be marked as cut, and closes its brackets. */
const ENTRY = '{"name":,"type":"directory"},\n'.length;
const DIRECTORY = ',"children":[],"more":1000000,"truncated":true\n'.length;
/** The least share of a directory, while there is room. */
const LEAST_SHARE = 10;

/** Level by level, so that the deepest entries are the ones left out for lack of room. */
export function tree({ scanner, goOn, start }: JobContext, args: TreeArgs): TreeResult {
  const { maxDepth, exclude, maxEntries, maxCharacters, ignore } = args;
  const isExcluded = compileExclude(exclude);
  const isIgnored = ignore && createIgnored(scanner, start, ignore);
  const top: Node = { name: "", type: "directory", children: [], directory: scanner.start };
  let shown = 0;
  let characters = 0;
  let full = false;
  let stopped = false;

  /** Lists a directory, appending to what is already there. @returns whether anything was left out */
  function fill(node: Node, share: number): boolean {
    const { children = [], directory } = node;
    if (!directory) return false;
    let skip = children.length;
    let room = share;
    let cut = false;
    node.ignored = 0;
    for (const entry of scanner.sorted(directory)) {
      if (!goOn()) stopped = true;
      if (stopped) break;
      if (isLeftOut(node, entry)) continue;
      if (skip > 0) skip -= 1;
      else if (room > 0 && add(node, entry)) room -= 1;
      else {
        cut = true;
        break;
      }
    }
    node.more = cut ? Math.max(1, count(node, directory) - children.length) : 0;
    if (stopped) node.truncated = true;
    return node.more > 0;
  }

  /** Unordered: counting a directory of a million names is much faster than sorting it. */
  function count(node: Node, directory: ScanDirectory): number {
    let total = 0;
    node.ignored = 0;
    for (const entry of scanner.list(directory)) {
      if (!goOn()) stopped = true;
      if (stopped) break;
      if (!isLeftOut(node, entry)) total += 1;
    }
    return total;
  }

  /** Whether patterns or ignore files exclude an entry; `.git` is not counted. */
  function isLeftOut(node: Node, entry: ScanEntry): boolean {
    if (exclude.length > 0 && isExcluded(entry.path, entry.kind === "directory")) return true;
    if (!isIgnored?.(entry)) return false;
    if (entry.name !== ".git") node.ignored = (node.ignored ?? 0) + 1;
    return true;
  }

  function add({ children = [], directory }: Node, entry: ScanEntry): boolean {
    const isDirectory = entry.kind === "directory";
    const cost =
      JSON.stringify(entry.name).length + ENTRY + (directory?.depth ?? 0) * 2 + (isDirectory ? DIRECTORY : 0);
    full ||= shown >= maxEntries || characters + cost > maxCharacters;
    if (full) return false;
    shown += 1;
    characters += cost;
    children.push({
      name: entry.name,
      type: entry.kind,
      ...(isDirectory && { children: [] }),
      ...(isDirectory && entry.addressable && { directory: scanner.into(entry) }),
    });
    return true;
  }

  /** Room that others left goes to the directories that were cut. */
  function more(node: Node): void {
    try {
      fill(node, maxEntries);
    } catch (error) {
      // It disappeared, or the time is up: it stays as it is, and is marked.
      if (error instanceof Stopped) stopped = true;
      else if (!(error instanceof BeneathError)) throw error;
    }
  }

  let unlisted = 0;
  let deeper = 0;
  let unread = 0;
  let left = 0;
  let ignored = 0;
  for (let level = [top]; level.length > 0; ) {
    const cut: Node[] = [];
    for (const [index, node] of level.entries()) {
      if (maxDepth !== undefined && (node.directory?.depth ?? 0) >= maxDepth) {
        node.truncated = true;
        deeper += 1;
        continue;
      }
      if (stopped || full || shown >= maxEntries) {
        node.truncated = true;
        unlisted += 1;
        continue;
      }
      // Each gets its share first, so that one large directory does not hide all others of its level.
      const share = Math.max(LEAST_SHARE, Math.floor((maxEntries - shown) / (level.length - index)));
      try {
        if (fill(node, share)) cut.push(node);
      } catch (error) {
        if (error instanceof Stopped) stopped = true;
        else if (!(error instanceof BeneathError) || node === top) throw error;
        else {
          node.problem = error.code;
          unread += 1;
        }
        if (stopped) node.truncated = true;
      }
    }
    for (const node of cut) {
      if (!stopped && !full) more(node);
      left += node.more ?? 0;
    }
    for (const node of level) ignored += node.ignored ?? 0;
    level = level.flatMap(({ children = [] }) => children.filter(({ directory }) => directory));
  }
  return { text: textOf(top), shown, left, unlisted, deeper, unread, ignored, stopped };
}

/** One line per entry: half as long as two blanks per level and a line per field. */
function textOf(top: Node): string {
  const lines = linesOf(top, "");
  // An array has no other place for this.
  if (top.more) lines.push(JSON.stringify({ name: "…", type: "truncated", more: top.more }));
  return lines.length === 0 ? "[]" : `[\n${lines.join(",\n")}\n]`;
}

function linesOf({ children = [] }: Node, indent: string): string[] {
  return children.map((node) => {
    const { name, type, more, truncated, problem } = node;
    const head = `${indent}{"name":${JSON.stringify(name)},"type":"${type}"`;
    if (!node.children) return `${head}}`;
    const below = linesOf(node, `${indent} `);
    const listed = below.length === 0 ? "[]" : `[\n${below.join(",\n")}\n${indent}]`;
    const marks =
      (more ? `,"more":${more}` : "") +
      (truncated ? ',"truncated":true' : "") +
      (problem ? `,"problem":"${problem}"` : "");
    return `${head},"children":${listed}${marks}}`;
  });
}
