import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { compiledFiles } from "../src/testing/compiled-files.ts";
import { makeFolder } from "./folder.ts";

const server = () =>
  makeFolder({
    "package.json": JSON.stringify({ name: "sample", type: "module", dependencies: { outside: "^1.0.0" } }),
    "src/deep/answer.worker.ts": `
      import { parentPort } from "node:worker_threads";
      import outside from "outside";
      const said: string = outside + " from the worker";
      parentPort?.postMessage(said);`,
    "test/fixtures/ask.ts": `
      import { Worker } from "node:worker_threads";
      export const ask = () => new Promise((resolve) => {
        new Worker(new URL("./answer.worker.js", import.meta.url)).once("message", resolve);
      });`,
    "test/fixtures/plain.js": "",
    "node_modules/outside/package.json": JSON.stringify({ name: "outside", version: "1.0.0" }),
    "node_modules/outside/index.js": `module.exports = "outside-text";`,
  });

const WORKER = `new Worker(new URL("./answer.worker.js", import.meta.url))`;
const urlIn = (code = "") => new URL(/new URL\("(file:[^"]+)"\)/.exec(code)?.[1] ?? "");
const answerOf = (url: URL) => new Promise((resolve) => new Worker(url).once("message", resolve));

test("threads and fixtures start from JavaScript, which is removed after the run", async () => {
  const folder = await server();
  const plugin = compiledFiles(folder);
  const worker = urlIn(await plugin.transform(`start(${WORKER})`, path.join(folder, "src/deep/start.ts")));
  expect(await answerOf(worker)).toBe("outside-text from the worker");

  const fixtures = `[new URL("./fixtures/ask.js", import.meta.url), new URL("./fixtures/plain.js", import.meta.url)]`;
  const changed = await plugin.transform(fixtures, path.join(folder, "test/some.test.ts"));
  expect(changed).toContain(`new URL("./fixtures/plain.js", import.meta.url)`);
  const { ask } = await import(urlIn(changed).href);
  expect(await ask()).toBe("outside-text from the worker");

  expect(await plugin.transform("const nothing = 1;", path.join(folder, "src/other.ts"))).toBe(undefined);
  expect(await plugin.transform(WORKER, path.join(folder, "src/elsewhere.ts"))).toBe(undefined);
  await plugin.closeBundle();
  expect(await readdir(path.join(folder, "node_modules/.cache"))).toEqual([]);
});

test("files requested at the same time all exist, and follow their sources while vitest watches", async () => {
  const folder = await server();
  const plugin = compiledFiles(folder);
  const start = path.join(folder, "src/deep/start.ts");
  const ask = `new URL("./fixtures/ask.js", import.meta.url)`;
  const asked = [plugin.transform(WORKER, start), plugin.transform(ask, path.join(folder, "test/a.test.ts"))];
  for (const code of await Promise.all(asked)) {
    expect(await readFile(fileURLToPath(urlIn(code)), "utf8")).not.toBe("");
  }
  await writeFile(path.join(folder, "src/deep/answer.worker.ts"), `postMessage("changed");`);
  await plugin.watchChange();
  expect(await readFile(fileURLToPath(urlIn(await asked[0])), "utf8")).toContain(`postMessage("changed")`);
  await plugin.closeBundle();
});
