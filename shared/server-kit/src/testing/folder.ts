import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach } from "vitest";

/** Contents of files, by their paths in a folder. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** A test's folder. It makes changes as another program would, not through the server. */
export interface Folder {
  /** Its real path, without links. */
  readonly path: string;
  at(name: string): string;
  /** Writes a file, with the folders above it. */
  write(name: string, content: string | Uint8Array): void;
  read(name: string): string;
  bytes(name: string): Buffer;
  /** The names of its entries, sorted. */
  list(): string[];
  delete(name: string): void;
  remove(): void;
}

/** Makes a folder, by default among the temporary files. The caller removes it. */
export function makeFolder(files: Files = {}, parent = tmpdir()): Folder {
  const root = realpathSync(mkdtempSync(path.join(parent, "test-")));
  const at = (name: string) => path.join(root, name);
  const write = (name: string, content: string | Uint8Array) => {
    mkdirSync(path.dirname(at(name)), { recursive: true });
    writeFileSync(at(name), content);
  };
  for (const [name, content] of Object.entries(files)) write(name, content);
  return {
    path: root,
    at,
    write,
    read: (name) => readFileSync(at(name), "utf8"),
    bytes: (name) => readFileSync(at(name)),
    list: () => readdirSync(root).sort(),
    delete: (name) => rmSync(at(name), { force: true }),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** A folder for the tests of one file or `describe`, removed after them. */
export function useFolder(files: Files = {}): Folder {
  const folder = makeFolder(files);
  afterAll(folder.remove);
  return folder;
}

/** Returns a function that registers clean-up for the end of a test; the last registered runs first. */
export function useCleanup(): (work: () => unknown) => void {
  const works: (() => unknown)[] = [];
  afterEach(async () => {
    for (const work of works.splice(0).reverse()) await work();
  });
  return (work) => works.push(work);
}
