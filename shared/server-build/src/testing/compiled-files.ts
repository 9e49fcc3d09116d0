import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { compileModules, findWorkers } from "../bundle.ts";
import { readManifest } from "../manifest.ts";

const FILE_URL = /new URL\("(\.\/[\w./-]+)\.js", import\.meta\.url\)/g;

/** The part of Vite's `Plugin` that this one uses. */
export interface CompiledFiles {
  readonly name: string;
  readonly enforce: "pre";
  transform(code: string, id: string): Promise<string | undefined>;
  watchChange(): Promise<void>;
  closeBundle(): Promise<void>;
}

/**
 * For vitest.config.ts: `plugins: [compiledFiles()]`. What the code under test starts from
 * `new URL("./name.worker.js", import.meta.url)`, and tests from `new URL("./fixtures/name.js", import.meta.url)`, is
 * compiled from TypeScript once per run and is JavaScript, as in the bundle. Otherwise each thread and process compiles
 * all of its sources again, which takes half a second of processor time.
 * @param folder the server's folder
 */
export function compiledFiles(folder = process.cwd()): CompiledFiles {
  /** Entry points by the names of their files, and the folder with the compiled files. */
  const entries: Record<string, string> = {};
  let target: string | undefined;
  let last = Promise.resolve();

  /** Always includes the workers, so that a fixture that starts one finds its file next to itself. */
  async function compileAll(): Promise<void> {
    target ??= await makeTarget(folder);
    Object.assign(entries, await findWorkers(folder));
    const { external } = await readManifest(folder);
    const options = { entryPoints: entries, outdir: target, external: [...external] };
    const { outputFiles } = await compileModules(folder, options);
    for (const { path: file, contents } of outputFiles) await writeFile(file, contents);
  }

  return {
    name: "compiled-files",
    enforce: "pre",
    async transform(code, id) {
      let changed = code;
      for (const [url, name = ""] of code.matchAll(FILE_URL)) {
        const source = path.join(path.dirname(id), `${name}.ts`);
        if (!existsSync(source)) continue;
        const entry = path.basename(name);
        if (!entries[entry]) {
          entries[entry] = source;
          last = last.then(compileAll);
        }
        await last;
        changed = changed.replace(url, `new URL("${pathToFileURL(path.join(target ?? "", `${entry}.js`)).href}")`);
      }
      return changed === code ? undefined : changed;
    },
    async watchChange() {
      if (target) last = last.then(compileAll);
      await last;
    },
    async closeBundle() {
      if (target) await rm(target, { recursive: true, force: true });
    },
  };
}

/** Inside the package, where packages that stay out of the bundle can be found. */
async function makeTarget(folder: string): Promise<string> {
  const cache = path.join(folder, "node_modules/.cache");
  await mkdir(cache, { recursive: true });
  return mkdtemp(path.join(cache, "compiled-"));
}
