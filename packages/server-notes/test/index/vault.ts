import { mkdir, mkdtemp, realpath, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import { type NotesIndex, openIndex } from "../../src/index/notes-index.ts";
import { makeLog, type TestLog } from "./test-log.ts";

/** Registers work to do at the end. */
export type CleanUp = (end: () => Promise<void>) => void;

/** A folder for one test. */
export async function makeFolder(cleanUp: CleanUp = onTestFinished): Promise<string> {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), "notes-index-test-")));
  cleanUp(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes notes; `day` (YYYY-MM-DD) is the local day of their last change, at noon. */
export async function writeNotes(root: string, notes: Readonly<Record<string, string>>, day?: string): Promise<void> {
  for (const [name, text] of Object.entries(notes)) {
    const file = path.join(root, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
    const changed = day === undefined ? undefined : new Date(`${day}T12:00:00`);
    if (changed) await utimes(file, changed, changed);
  }
}

export interface TestIndex {
  readonly root: string;
  readonly directory: string;
  readonly log: TestLog;
  readonly index: NotesIndex;
}

/** The index of a folder with these notes, in its own thread as in a server; closed when the test ends. */
export async function indexOf(notes: Readonly<Record<string, string>>, cleanUp?: CleanUp): Promise<TestIndex> {
  const folder = await makeFolder(cleanUp);
  const root = path.join(folder, "notes");
  await mkdir(root);
  await writeNotes(root, notes);
  return { root, directory: path.join(folder, "cache"), ...openTestIndex(root, path.join(folder, "cache"), cleanUp) };
}

export function openTestIndex(
  root: string,
  directory: string,
  cleanUp: CleanUp = onTestFinished,
): { index: NotesIndex; log: TestLog } {
  const log = makeLog();
  const index = openIndex({ root, directory: () => directory }, log);
  cleanUp(() => index.close());
  return { index, log };
}

/** Paths that a search finds, in order. */
export async function found(index: NotesIndex, query: string, filters: object = {}): Promise<string[]> {
  const { items, complete } = await index.call("search", { query, limit: 50, ...filters });
  if (!complete) throw new Error("the index was not up to date in time");
  return items.map(({ path: at }) => at);
}

export const neverAborted = (): AbortSignal => new AbortController().signal;

/** Collects clean-up work for `beforeAll`, and runs it in reverse order. */
export function collectCleanUps(): { readonly cleanUp: CleanUp; run(): Promise<void> } {
  const ends: (() => Promise<void>)[] = [];
  return {
    cleanUp: (end) => ends.push(end),
    async run() {
      for (const end of ends.reverse()) await end();
    },
  };
}
