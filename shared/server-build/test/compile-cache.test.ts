import { execFile } from "node:child_process";
import { readdir, writeFile } from "node:fs/promises";
import module from "node:module";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { bundle } from "../src/bundle.ts";
import { makeFolder } from "./folder.ts";

const run = promisify(execFile);
const CACHE = "node_modules/.cache/compiled";
const keepsCode = "enableCompileCache" in module;

/** A bundled server, and a function that starts it and returns its output. */
async function bundled() {
  const folder = await makeFolder({
    "package.json": `{"name":"sample","type":"module"}`,
    "src/cli.ts": `console.log("started", process.argv.slice(2).join());`,
  });
  await bundle(folder);
  const start = (env: NodeJS.ProcessEnv = {}) =>
    run(process.execPath, [path.join(folder, "dist/cli.js"), "one", "two"], { env: { ...process.env, ...env } });
  return { folder, start, cached: () => readdir(path.join(folder, CACHE)).catch(() => "nothing") };
}

const STARTED = { stdout: "started one,two\n", stderr: "" };

test.runIf(keepsCode)(
  "what Node compiled is kept in the package's own folder, and a start prints nothing of it",
  async () => {
    const { start, cached } = await bundled();
    expect(await cached()).toBe("nothing");
    expect(await start()).toEqual(STARTED);
    expect(await cached()).toHaveLength(1);
    expect(await start()).toEqual(STARTED);
  },
);

test.runIf(keepsCode)("Node's own variables move the cache and turn it off", async () => {
  const { folder, start, cached } = await bundled();
  expect(await start({ NODE_DISABLE_COMPILE_CACHE: "1" })).toEqual(STARTED);
  expect(await cached()).toBe("nothing");
  expect(await start({ NODE_COMPILE_CACHE: path.join(folder, "elsewhere") })).toEqual(STARTED);
  expect(await readdir(path.join(folder, "elsewhere"))).toHaveLength(1);
  expect(await cached()).toBe("nothing");
});

test("a server also starts when nothing can be cached", async () => {
  const { folder, start, cached } = await bundled();
  // A file in place of the cache's folder stops every user, unlike permissions.
  await writeFile(path.join(folder, "node_modules"), "");
  expect(await start()).toEqual(STARTED);
  expect(await cached()).toBe("nothing");
});
