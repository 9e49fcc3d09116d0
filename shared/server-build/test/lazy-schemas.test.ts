import { execFile } from "node:child_process";
import { readdir, readFile, realpath } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { bundle } from "../src/bundle.ts";
import { compile } from "../src/esbuild.ts";
import { lazySchemas } from "../src/sdk/lazy-schemas.ts";
import { makeSchemasLazy } from "../src/sdk/lazy-text.ts";
import { addFiles, makeFolder } from "./folder.ts";

const run = promisify(execFile);
const PACKAGE = "@modelcontextprotocol/server";
const SDK = await realpath(path.join(import.meta.dirname, "../node_modules", PACKAGE, "dist"));

function lazy(source: string): string {
  return makeSchemasLazy(source, { isLazyImport: (_, from) => from === "lazy", exported: "schemas" }).text;
}

/** The output of a module bundled with the SDK unchanged, and with schemas created on first use. */
async function printedByBoth(source: string): Promise<string[]> {
  const folder = await makeFolder({ "package.json": `{"type":"module"}`, "ask.ts": source }, [PACKAGE]);
  const printed = [[], [lazySchemas]].map(async (plugins, at) => {
    const { outputFiles } = await compile(folder, { entryPoints: ["ask.ts"], plugins });
    await addFiles(folder, { [`asked-${at}.js`]: outputFiles[0]?.text ?? "" });
    return (await run(process.execPath, [path.join(folder, `asked-${at}.js`)], { maxBuffer: 1 << 26 })).stdout;
  });
  return Promise.all(printed);
}

test("the SDK exports the same names, and every schema that it lists by name is the same", async () => {
  const [eager, lazy] = await printedByBoth(`
    import * as sdk from "${PACKAGE}";
    const schemas = Object.entries(sdk.specTypeSchemas).map(([name, schema]) => {
      const options = { target: "draft-2020-12", unrepresentable: "any" };
      return [name, typeof sdk.isSpecType[name], schema["~standard"].vendor, schema.toJSONSchema(options)];
    });
    console.log(JSON.stringify({ exports: Object.keys(sdk).sort(), schemas }));`);
  expect(JSON.parse(eager ?? "").schemas.length).toBeGreaterThan(100);
  expect(lazy).toBe(eager);
});

test("messages of both protocol generations are validated alike, in whatever order the schemas are created", async () => {
  const [file] = (await readdir(SDK)).filter((name) => /^src-.*\.mjs$/.test(name));
  const text = await readFile(path.join(SDK, file ?? ""), "utf8");
  const exported = /\bcodecForVersion as (\w+)/.exec(text)?.[1];
  const methods = [...new Set(text.match(/"(?:[a-z]+\/[a-z_/]+[a-zA-Z]*|ping|initialize)"/g))];
  expect(methods.length).toBeGreaterThan(30);
  const [eager, lazy] = await printedByBoth(`
    import { ${exported} as codecForVersion } from ${JSON.stringify(path.join(SDK, file ?? ""))};
    const meta = {
      "io.modelcontextprotocol/protocolVersion": "2026-07-28",
      "io.modelcontextprotocol/clientInfo": { name: "a", version: "1" },
      "io.modelcontextprotocol/clientCapabilities": { elicitation: {} },
    };
    const parts = [
      {}, { uri: "file:///a" }, { name: "a", arguments: { b: "c" } }, { name: "a", arguments: "b" }, { cursor: 1 },
      { protocolVersion: "2025-11-25", capabilities: { sampling: {} }, clientInfo: { name: "a", version: "1" } },
      { ref: { type: "ref/prompt", name: "a" }, argument: { name: "b", value: "c" } }, { level: "info" },
      { progressToken: 1, progress: 2 }, { requestId: 1 }, { level: "debug", data: 1 }, { taskId: "a" },
      { message: "a", requestedSchema: { type: "object", properties: { b: { type: "string" } } } },
      { messages: [{ role: "user", content: { type: "text", text: "a" } }], maxTokens: 1 },
      { notifications: { toolsListChanged: true } }, { elicitationId: "a" },
    ];
    const results = [
      {}, { tools: [{ name: "a", inputSchema: { type: "object" } }] }, { content: [{ type: "text", text: "a" }] },
      { content: [{ type: "image", data: "?", mimeType: "image/png" }] }, { structuredContent: { a: 1 } },
      { resources: [{ uri: "a:b", name: "c" }], ttlMs: 1, cacheScope: "public" }, { contents: [{ uri: "a:b", text: "c" }] },
      { prompts: [{ name: "a" }] }, { messages: [] }, { completion: { values: ["a"] } }, { action: "accept", content: { a: 1 } },
      { roots: [{ uri: "file:///a" }] }, { protocolVersion: "2025-11-25", capabilities: {}, serverInfo: { name: "a", version: "1" } },
    ];
    const methods = [${methods.join()}];
    const verdicts = [];
    for (const version of ["2026-07-28", "2025-11-25"]) {
      const codec = codecForVersion(version);
      for (const method of methods.toReversed()) {
        for (const params of [undefined, ...parts, ...parts.map((part) => ({ ...part, _meta: meta }))]) {
          verdicts.push(codec.validateRequest(method, { method, params }), codec.validateNotification(method, { method, params }));
          verdicts.push(codec.validateInputRequest(method, { method, params }));
        }
        for (const result of [...results, ...results.map((result) => ({ ...result, resultType: "complete" }))]) {
          verdicts.push(codec.validateResult(method, result), codec.validateInputResponse(method, result));
          verdicts.push(codec.decodeResult(method, result));
        }
      }
      verdicts.push(codec.samplingResultVariant(true, {}), codec.validateEnvelopeMeta(meta), codec.validateEnvelopeMeta({}));
    }
    console.log(verdicts.map((verdict) => JSON.stringify(verdict)).join("\\n"));`);
  for (const verdict of [`"ok":true`, `"invalid"`, `"not-in-era"`])
    expect(eager?.split(verdict).length).toBeGreaterThan(100);
  expect(lazy).toBe(eager);
});

test("a server bundles no schema that nothing uses", async () => {
  const source = `import { McpServer } from "${PACKAGE}"; console.log(new McpServer({ name: "a", version: "1" }) instanceof McpServer);`;
  const folder = await makeFolder({ "package.json": `{"name":"a","type":"module"}`, "src/cli.ts": source }, [PACKAGE]);
  await bundle(folder);
  const bundled = await readFile(path.join(folder, "dist/server.js"), "utf8");
  expect(bundled).toContain("notifications/elicitation/complete");
  expect(bundled).not.toContain("revocation_endpoint");
  expect((await run(process.execPath, [path.join(folder, "dist/cli.js")])).stdout).toBe("true\n");
});

test("a schema is created once, when it is first read, wherever that is", () => {
  const source = `
    const made = [];
    const z = (name, ...parts) => (made.push(name), { name, parts, shape: { name } });
    const InnerSchema = z("inner");
    const OuterSchema = z("outer", InnerSchema, () => LaterSchema);
    const LaterSchema = z("later");
    const UnusedSchema = z("unused");
    const NAMES = new Set([OuterSchema.shape.name]);
    const held = { InnerSchema, other: () => UnusedSchema, InnerSchemaName: "InnerSchema" };
    const before = made.join();
    const same = held.InnerSchema === InnerSchema;
    return { before, same, has: NAMES.has("outer"), made: made.join(), later: OuterSchema.parts[1]() === LaterSchema, all: made.join() };`;
  // A function's body represents a module: its top level is the module's top level.
  const text = lazy(source.replace("return", "globalThis.answer =")).replace("globalThis.answer =", "return");
  expect(new Function(text)()).toEqual({
    before: "",
    same: true,
    has: true,
    made: "inner,outer",
    later: true,
    all: "inner,outer,later",
  });
});

test.each([
  ["a parameter", "const ASchema = z(); const read = (ASchema) => ASchema;"],
  ["a variable", "const ASchema = z(); function read() { let { a: ASchema } = {}; return ASchema; }"],
  ["an assignment", "let other; const ASchema = z(); [ASchema] = [other];"],
  ["a list of other things", "const ASchema = z(); const someSchemas = { ...ASchema, [ASchema]: 1 };"],
])("%s by the name of a schema is refused", (_, source) => {
  expect(() => lazy(source)).toThrow("The SDK's schemas cannot be made on first use: ");
});

test("an SDK with an unexpected form fails the build", async () => {
  const sdk = "node_modules/@modelcontextprotocol/server";
  const folder = await makeFolder({
    "package.json": `{"name":"a","type":"module"}`,
    "src/cli.ts": `import { serve } from "${PACKAGE}"; serve();`,
    [`${sdk}/package.json`]: JSON.stringify({
      name: PACKAGE,
      version: "9.0.0",
      license: "MIT",
      exports: "./dist/index.mjs",
    }),
    [`${sdk}/dist/index.mjs`]: `export const serve = () => {};`,
  });
  await expect(bundle(folder)).rejects.toThrow("The schemas of the SDK are not where they were.");
  await addFiles(folder, {
    [`${sdk}/dist/index.mjs`]: `//#region src/specTypeSchema.ts\n//#endregion\nexport const serve = () => {};`,
  });
  await expect(bundle(folder)).rejects.toThrow("The SDK has 0 sets of schemas in 0 lists.");
});
