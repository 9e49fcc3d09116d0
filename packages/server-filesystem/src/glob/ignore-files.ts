import { closeSync, readSync } from "node:fs";
import {
  BeneathError,
  type Root,
  type ScanDirectory,
  type ScanEntry,
  type Scanner,
  type ScanStart,
} from "@org/beneath";
import { addRules, type IgnoreRules, isIgnored } from "./ignore.ts";

/** The texts of a directory's ignore files; those of a later one beat those of an earlier one. */
export interface IgnoreTexts {
  /** Relative to the root. */
  readonly directory: string;
  readonly texts: readonly string[];
}

/** Files whose rules are honoured, a later one over an earlier one. */
const IGNORE_FILES = [".gitignore", ".ignore"] as const;
/** The rules that a repository has for its owner alone. */
const EXCLUDE = [".git", "info", "exclude"] as const;
/** Nobody writes longer ones; what comes after it does not count. */
const MOST_BYTES = 1 << 20;
/** One for each thread. */
const buffer = Buffer.allocUnsafeSlow(MOST_BYTES);

/**
 * Tells the entries of a scan that ignore files, or `.git`, hide. It is asked for those above before those below.
 * @param above what the directories above the start say
 */
export function createIgnored(
  scanner: Scanner,
  start: ScanStart,
  above: readonly IgnoreTexts[],
): (entry: ScanEntry) => boolean {
  const rulesAbove = above.reduce<IgnoreRules | undefined>(
    (rules, { directory, texts }) => addRules(rules, directory, texts),
    undefined,
  );
  const known = new WeakMap<ScanDirectory, { readonly rules: IgnoreRules | undefined }>();
  const inRoot = (path: string) => (start.path === "" || path === "" ? start.path + path : `${start.path}/${path}`);

  function rulesOf(directory: ScanDirectory): IgnoreRules | undefined {
    const before = known.get(directory);
    if (before) return before.rules;
    const { texts, isRepository } = textsIn(scanner, directory);
    const inherited = directory.above ? rulesOf(directory.above) : rulesAbove;
    // A repository is a world of its own: git reads no ignore file above it.
    const rules = addRules(isRepository ? undefined : inherited, inRoot(directory.path), texts);
    known.set(directory, { rules });
    return rules;
  }

  return ({ name, path, kind, directory }) =>
    name === ".git" || isIgnored(rulesOf(directory), inRoot(path), kind === "directory");
}

function textsIn(scanner: Scanner, directory: ScanDirectory) {
  const isRepository = unlessOfFile(() => scanner.has(directory, ".git")) ?? false;
  const own = IGNORE_FILES.map((name) => textIn(scanner, directory, name));
  const excluded = isRepository ? excludeIn(scanner, directory) : undefined;
  return { isRepository, texts: [excluded, ...own].filter((text) => text !== undefined) };
}

function textIn(scanner: Scanner, directory: ScanDirectory, name: string): string | undefined {
  return unlessOfFile(() => {
    // This also fails in a directory that may be listed but not entered.
    if (!scanner.has(directory, name)) return undefined;
    const fd = scanner.openIn(directory, name);
    try {
      return buffer.toString("utf8", 0, readSync(fd, buffer, 0, MOST_BYTES, null));
    } finally {
      closeSync(fd);
    }
  });
}

/** In a linked work tree `.git` is a file that leads elsewhere, and there is none. */
function excludeIn(scanner: Scanner, directory: ScanDirectory): string | undefined {
  const below = (above: ScanDirectory, name: string): ScanDirectory => ({
    path: above.path === "" ? name : `${above.path}/${name}`,
    above,
    name,
    depth: above.depth + 1,
  });
  const [git, info, exclude] = EXCLUDE;
  return textIn(scanner, below(below(directory, git), info), exclude);
}

function unlessOfFile<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (isOfFile(error)) return undefined;
    throw error;
  }
}

/** Whether a failure is that of one file or directory: what is refused here, and what the system says of a call. */
export const isOfFile = (error: unknown): boolean =>
  error instanceof BeneathError || (error instanceof Error && "syscall" in error);

/**
 * The ignore files of the directories above a start, from the repository that it is in down, or from the root.
 * @param path relative to the root, links resolved
 */
export async function ignoreTextsAbove(root: Root, path: string): Promise<readonly IgnoreTexts[]> {
  const names = path.split("/");
  const above = path === "" ? [] : names.map((_, end) => names.slice(0, end).join("/"));
  const all = await Promise.all(above.map((directory) => textsAbove(root, directory)));
  const repository = all.findLastIndex(({ isRepository }) => isRepository);
  return all.slice(Math.max(0, repository)).filter(({ texts }) => texts.length > 0);
}

async function textsAbove(root: Root, directory: string): Promise<IgnoreTexts & { readonly isRepository: boolean }> {
  const within = (name: string) => (directory === "" ? name : `${directory}/${name}`);
  const unlessRefused = (error: unknown) => {
    if (error instanceof BeneathError) return undefined;
    throw error;
  };
  const read = (name: string) =>
    root.read(within(name), { maxBytes: MOST_BYTES }).then(({ bytes }) => bytes.toString(), unlessRefused);
  const [git, ...texts] = await Promise.all([
    root.stat(within(".git")).catch(unlessRefused),
    ...[EXCLUDE.join("/"), ...IGNORE_FILES].map(read),
  ]);
  return { directory, texts: texts.filter((text) => text !== undefined), isRepository: git !== undefined };
}
