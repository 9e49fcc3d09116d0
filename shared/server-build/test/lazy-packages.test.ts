import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { bundle } from "../src/bundle.ts";
import { makeFolder, packageFiles } from "./folder.ts";

const run = promisify(execFile);
const SHAPES = `
  console.log("evaluated");
  class Shape { constructor(sides) { this.sides = sides; } static of(sides) { return new Shape(sides); } }
  module.exports = { Shape, count: (shape) => shape.sides, version: 3 };`;

function server(source: string, onFirstUse: unknown = ["shapes"]) {
  const manifest = { name: "sample", type: "module", "server-build": { onFirstUse } };
  const files = packageFiles("shapes", { source: SHAPES, text: "Licence of shapes." });
  files["node_modules/shapes/package.json"] = JSON.stringify({ name: "shapes", version: "1.0.0", license: "MIT" });
  return makeFolder({ "package.json": JSON.stringify(manifest), "src/cli.ts": source, ...files });
}

test("a package is evaluated once, when it is first used, and its functions and classes work as before", async () => {
  const folder = await server(`
    import { count, Shape } from "shapes";
    console.log("started");
    const shapes = [new Shape(3), Shape.of(4)];
    console.log(shapes.map(count).join(), shapes[0] instanceof Shape, {} instanceof Shape);`);
  await bundle(folder);
  const { stdout } = await run(process.execPath, [path.join(folder, "dist/cli.js")]);
  expect(stdout).toBe("started\nevaluated\n3,4 true false\n");
  expect(await readFile(path.join(folder, "dist/THIRD_PARTY_LICENSES.txt"), "utf8")).toContain("Licence of shapes.");
});

test("importing anything but functions fails the build", async () => {
  const folder = await server(`import { version } from "shapes"; console.log(version);`);
  await expect(bundle(folder)).rejects.toThrow(/No matching export .* for import "version"/);
});

test("names that are not a list are refused", async () => {
  await expect(bundle(await server("", "shapes"))).rejects.toThrow("onFirstUse of server-build must be a list");
});
