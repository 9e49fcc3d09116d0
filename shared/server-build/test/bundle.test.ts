import { execFile } from "node:child_process";
import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { bundle } from "../src/bundle.ts";
import { measure } from "../src/summary.ts";
import { addFiles, makeFolder, packageFiles } from "./folder.ts";

const run = promisify(execFile);

async function output(folder: string, ...args: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [path.join(folder, "dist/cli.js"), ...args]);
  return stdout;
}

function server(files: Record<string, string>, dependencies: Record<string, string> = {}) {
  return makeFolder({
    "package.json": JSON.stringify({ name: "sample", type: "module", dependencies }),
    ...files,
  });
}

test("a bundle runs alone, and loads what is behind a dynamic import on first use", async () => {
  const folder = await server({
    "src/cli.ts": `
      import { eager } from "./eager.ts";
      console.log(eager satisfies string);
      if (process.argv[2] === "chart") console.log((await import("./chart.ts")).chart);`,
    "src/eager.ts": `export const eager: string = "eager-text";`,
    "src/chart.ts": `export const chart = "chart-text-".concat("${"x".repeat(500)}".slice(0, 2));`,
  });
  const { metafile } = await bundle(folder);

  const cli = path.join(folder, "dist/cli.js");
  const started = await readFile(path.join(folder, "dist/server.js"), "utf8");
  expect(await output(folder)).toBe("eager-text\n");
  expect(await output(folder, "chart")).toBe("eager-text\nchart-text-xx\n");
  expect(await readFile(cli, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n(?!#!)/);
  expect(started).toContain("eager-text");
  expect(started).not.toContain("chart-text");
  const { eager, lazy, files } = measure(metafile);
  expect(files).toBe(2);
  expect(lazy).toBeGreaterThan(500);
  expect(eager).toBeLessThan(500);
});

test("a worker is a separate file beside cli.js, shares its chunks, and is found from any of them", async () => {
  const folder = await server({
    "src/cli.ts": `import { shared } from "./shared.ts"; console.log(shared, await (await import("./deep/start.ts")).ask());`,
    "src/shared.ts": `export const shared = "shared-text-".concat("${"x".repeat(500)}".slice(0, 2));`,
    "src/deep/start.ts": `
      import { Worker } from "node:worker_threads";
      export const ask = () => new Promise((resolve) => {
        new Worker(new URL("./answer.worker.js", import.meta.url)).once("message", resolve);
      });`,
    "src/deep/answer.worker.ts": `
      import { parentPort } from "node:worker_threads";
      import { shared } from "../shared.ts";
      parentPort?.postMessage(shared + " from the worker");`,
  });
  const { metafile } = await bundle(folder);
  expect(await output(folder)).toBe("shared-text-xx shared-text-xx from the worker\n");
  expect(await readdir(path.join(folder, "dist"))).toContain("answer.worker.js");
  const holders = await Promise.all(
    Object.keys(metafile.outputs).map((file) => readFile(path.join(folder, file), "utf8")),
  );
  expect(holders.filter((text) => text.includes("shared-text"))).toHaveLength(1);
});

test("two workers of one name are refused", async () => {
  const folder = await server({ "src/cli.ts": "", "src/a/same.worker.ts": "", "src/b/same.worker.ts": "" });
  await expect(bundle(folder)).rejects.toThrow("Two workers are named same.worker.ts");
});

test.skipIf(process.platform === "win32")("cli.js is executable, whatever it was before", async () => {
  const folder = await server({ "src/cli.ts": "#!/usr/bin/env node\nconsole.log(1);", "dist/cli.js": "old" });
  await bundle(folder);
  expect((await stat(path.join(folder, "dist/cli.js"))).mode & 0o777).toBe(0o755);
  expect((await run(path.join(folder, "dist/cli.js"))).stdout).toBe("1\n");
  expect((await readFile(path.join(folder, "dist/cli.js"), "utf8")).match(/#!/g)).toHaveLength(1);
});

test("dependencies stay outside, with their subpaths; everything else goes in", async () => {
  const folder = await server(
    {
      "src/cli.ts": `import { name } from "inside"; import outside from "outside/deep.js"; console.log(name(), outside);`,
      ...packageFiles("inside", { text: "MIT text" }),
      "node_modules/outside/package.json": JSON.stringify({
        name: "outside",
        version: "1.0.0",
        license: "GPL-3.0",
      }),
      "node_modules/outside/deep.js": `module.exports = "outside-text";`,
    },
    { outside: "^1.0.0" },
  );
  await bundle(folder);
  const text = await readFile(path.join(folder, "dist/server.js"), "utf8");
  expect(text).toContain(`from"outside/deep.js"`);
  expect(text).not.toContain("outside-text");
  expect(await output(folder)).toBe("inside outside-text\n");
  expect(await readFile(path.join(folder, "dist/THIRD_PARTY_LICENSES.txt"), "utf8")).not.toContain("outside");
});

test("CommonJS code that requires Node's modules works inside", async () => {
  const folder = await server({
    "src/cli.ts": `import os from "old-style"; console.log(os());`,
    "node_modules/old-style/package.json": JSON.stringify({
      name: "old-style",
      version: "1.0.0",
      license: "ISC",
    }),
    "node_modules/old-style/index.js": `const { sep } = require("node:path"); module.exports = () => typeof sep;`,
  });
  await bundle(folder);
  expect(await output(folder)).toBe("string\n");
});

test("a bundle without CommonJS code creates no require", async () => {
  const folder = await server({ "src/cli.ts": "console.log(1);" });
  await bundle(folder);
  expect(await readFile(path.join(folder, "dist/server.js"), "utf8")).not.toContain("createRequire");
});

test("dist contains only the new build, and a failed build leaves the last good one", async () => {
  const folder = await server({ "src/cli.ts": `console.log("good");`, "dist/stale-chunk.js": "stale" });
  await bundle(folder);
  const files = await readdir(path.join(folder, "dist"));
  expect(files.sort()).toEqual(["THIRD_PARTY_LICENSES.txt", "cli.js", "sbom.cdx.json", "server.js"]);

  await addFiles(folder, { "src/cli.ts": `import "./missing.ts";` });
  await expect(bundle(folder)).rejects.toThrow(/src\/cli\.ts:1:8: Could not resolve "\.\/missing\.ts"/);
  expect(await output(folder)).toBe("good\n");
  expect(await readdir(folder)).not.toContainEqual(expect.stringContaining(".server-build-"));
});

test("a folder without package.json is a usage error", async () => {
  const folder = await makeFolder({ "src/cli.ts": "" });
  await expect(bundle(folder)).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining("package.json"),
  });
});

test("a view is one page without references, and its packages' licences ship with it", async () => {
  const folder = await server({
    "src/cli.ts": "",
    "src/view/chart.view.html": `<!doctype html><link rel="stylesheet" href="./chart.css"><p></p><script type="module" src="./chart.ts"></script>`,
    "src/view/chart.css": "p { color: rgb(1, 2, 3) }",
    "src/view/chart.ts": `
      import { scale } from "scale";
      import { words } from "./words.ts";
      document.body.append(words satisfies string, scale());`,
    "src/view/words.ts": `export const words: string = "</script><!-- $& -->";`,
    ...packageFiles("scale", { text: "Licence of scale", source: `export const scale = () => "scaled";` }),
  });
  const { metafile } = await bundle(folder);
  const html = await readFile(path.join(folder, "dist/chart.html"), "utf8");
  expect(html).toMatch(/^<!doctype html><style>.*<\/style><p><\/p><script type="module">.*<\/script>$/s);
  expect(html).toContain("scaled");
  expect(html.match(/<\/script|<!--/g)).toEqual(["</script"]);
  expect(html).toContain("$&");
  expect(html).not.toMatch(/\b(?:src|href)=/);
  expect(await readFile(path.join(folder, "dist/THIRD_PARTY_LICENSES.txt"), "utf8")).toContain("Licence of scale");
  expect(measure(metafile).files).toBe(2);
});

test("two views of one name are refused", async () => {
  const folder = await server({ "src/cli.ts": "", "src/a/same.view.html": "", "src/b/same.view.html": "" });
  await expect(bundle(folder)).rejects.toThrow("Two views are named same.html");
});
