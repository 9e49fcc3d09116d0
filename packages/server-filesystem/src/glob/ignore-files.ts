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

/** The texts of a directory's ignore files; later files override earlier ones. */
export interface IgnoreTexts {
  /** Relative to the root. */
  readonly directory: string;
  readonly texts: readonly string[];
}

/** Files whose rules are honoured; the later overrides the earlier. */
const IGNORE_FILES = [".gitignore", ".ignore"] as const;
/** A repository's private rules. */
const EXCLUDE = [".git", "info", "exclude"] as const;
/** No real ignore file is longer; anything past it is ignored. */
const MOST_BYTES = 1 << 20;
/** One per thread. */
const buffer = Buffer.allocUnsafeSlow(MOST_BYTES);

/**
 * Tells which entries of a scan are hidden by ignore files, or are `.git`. Parents must be asked about before their
 * entries. @param above the rules of the directories above the start
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
    // Git does not read ignore files above a repository.
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

/** In a linked work tree `.git` is a file that points elsewhere, so there is no exclude file. */
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

/** Whether a failure concerns a single file or directory: our own refusal, or an error of a system call. */
export const isOfFile = (error: unknown): boolean =>
  error instanceof BeneathError || (error instanceof Error && "syscall" in error);

/**
 * The ignore files of the directories above a start, beginning at its repository, or else at the root. @param path
 * relative to the root, links resolved
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
