import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import * as shims from "@modelcontextprotocol/server/_shims";
import { expect, test } from "vitest";
import { bundle } from "../src/bundle.ts";
import { LAZY_SHIM } from "../src/sdk/lazy-validator.ts";
import { makeFolder } from "./folder.ts";

const run = promisify(execFile);
const SDK = ["@modelcontextprotocol/server"];

function server(source: string) {
  return makeFolder({ "package.json": `{"name":"sample","type":"module"}`, "src/cli.ts": source }, SDK);
}

test("the replacement exports exactly what the SDK's own shims export", () => {
  const exported = [...LAZY_SHIM.matchAll(/export (?:class (\w+)|\{ (\w+) \})/g)].map(([, a, b]) => a ?? b);
  expect(exported.sort()).toEqual(Object.keys(shims).sort());
});

test("a bundled server contains no AJV, and its validator works when it is used", async () => {
  const folder = await server(`
    import { fromJsonSchema } from "@modelcontextprotocol/server";
    const schema = fromJsonSchema({ type: "object", properties: { count: { type: "integer" } }, required: ["count"] });
    const verdicts = [{ count: 1 }, { count: "one" }, {}].map(async (value) =>
      (await schema["~standard"].validate(value)).issues ? "refused" : "accepted");
    console.log((await Promise.all(verdicts)).join(" "));`);
  await bundle(folder);
  const { stdout } = await run(process.execPath, [path.join(folder, "dist/cli.js")]);
  expect(stdout).toBe("accepted refused refused\n");
  expect(await readFile(path.join(folder, "dist/server.js"), "utf8")).not.toMatch(/ajv/i);
});
