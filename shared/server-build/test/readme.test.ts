import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { checkDocs, writeDocs } from "../src/docs.ts";
import { fillIn } from "../src/readme/fill-in.ts";
import { addFiles, makeFolder } from "./folder.ts";
import { PACKAGE } from "./sample-listing.ts";
import { SAMPLE } from "./server.ts";

function between(name: string): string {
  const [, text = ""] = fillIn(`<!-- generated: ${name} -->\n<!-- /generated: ${name} -->`, SAMPLE).split("-->");
  return text.replace(/<!--$|<!-- \/.*$/, "").trim();
}

test("tools are lists with their marks, parameters and results", () => {
  expect(between("tools")).toBe(
    [
      "- **get_items** — Returns &lt;items&gt; as \\`a\\|b\\` \\*lists\\*, not [a\\](link). Use get_item for one. _(read-only, open world)_",
      '  - `kind` ("big" or "small", required): Which ones.',
      "  - `limit` (integer 1 to 100, default `20`): How many.",
      "  - `at` (string[], required): Where.",
      "  - `since` (string or null, optional): When.",
      "  - Returns: `items` (object[]: `id`, `size`), `next` (object or null, optional: `page`)",
      "- **delete_item** — Deletes one. _(destructive, idempotent)_",
    ].join("\n"),
  );
});

test("options are a table, the server's own first", () => {
  expect(between("options")).toBe(
    [
      "| Option | Environment | Default | What it does |",
      "| --- | --- | --- | --- |",
      "| `--mode <a\\|b>` |  |  | A or b \\| both. |",
      "| `--timeout <duration>` | `MCP_SERVER_TIMEOUT` | `30s` | Per call. |",
    ].join("\n"),
  );
});

test("resources and prompts are lists", () => {
  expect(between("resources")).toBe("- `item:///{id}` — Item (`text/plain`)");
  expect(between("prompts")).toBe("- **tidy_up** — Tidy up: Asks for order.\n  - `topic` (required): What.");
});

test("text outside the markers is kept, and a second run changes nothing", () => {
  const before =
    "# Title\r\n\n<!-- generated: prompts -->\nold\n<!-- /generated: prompts -->\n\nEnd without line break";
  const once = fillIn(before, SAMPLE);
  expect(once).toMatch(/^# Title\r\n\n<!-- generated: prompts -->\n/);
  expect(once).toMatch(/<!-- \/generated: prompts -->\n\nEnd without line break$/);
  expect(once).not.toContain("old");
  expect(fillIn(once, SAMPLE)).toBe(once);
});

test.each([
  ["# Nothing", "no generated part"],
  ["<!-- generated: tools -->\ntext", "has no '<!-- /generated: tools -->'"],
  ["<!-- generated: tools -->\n<!-- generated: options -->", "has no '<!-- /generated: tools -->'"],
  ["<!-- /generated: tools -->", "ends what was not begun"],
  ["<!-- generated: tools -->\n<!-- /generated: options -->", "ends what was not begun"],
  [
    "<!-- generated: constructor -->\n<!-- /generated: constructor -->",
    "Known: tools, resources, prompts, options, install",
  ],
])("%j is refused", (readme, message) => {
  expect(() => fillIn(readme, SAMPLE)).toThrow(message);
});

const SOURCE = `
  import { readFileSync } from "node:fs";
  import { suffix } from "helper";
  import { words } from "./words.ts";
  readFileSync(new URL("../data/names.txt", import.meta.url));
  export const limit = 5;
  export const sampleServer = { describe: () => ({ ...words, resources: [], options: [],
    prompts: [{ name: "greet", title: words.title + suffix, arguments: [] }] }) };`;

function server(readme: Record<string, string>, source = SOURCE) {
  return makeFolder({
    "src/server.ts": source,
    "src/words.ts": `export const words: { title: string; tools: never[] } = { title: "Greet", tools: [] };`,
    "data/names.txt": "Ada",
    "node_modules/helper/package.json": `{"name":"helper","version":"1.0.0","main":"index.js"}`,
    "node_modules/helper/index.js": `exports.suffix = " politely";`,
    ...readme,
  });
}

const MARKED = "# Sample\n\n<!-- generated: prompts -->\n<!-- /generated: prompts -->\n";

test("docs writes from the code, and --check agrees until the code changes", async () => {
  const folder = await server({ "README.md": MARKED });
  await expect(checkDocs(folder)).rejects.toThrow(
    /differs[\s\S]*\n\+ - \*\*greet\*\* — Greet politely\n[\s\S]*server-build docs$/,
  );
  expect(await readFile(path.join(folder, "README.md"), "utf8")).toBe(MARKED);

  expect(await writeDocs(folder)).toBe("README.md written\n");
  expect(await checkDocs(folder)).toBe("README.md is up to date\n");
  expect(await writeDocs(folder)).toBe("README.md is up to date\n");

  await addFiles(folder, { "src/words.ts": `export const words = { title: "Wave", tools: [] };` });
  await expect(checkDocs(folder)).rejects.toThrow(
    /\n- - \*\*greet\*\* — Greet politely\n\+ - \*\*greet\*\* — Wave politely\n/,
  );
});

test.each([
  ["export const x = 1;", "exports no server"],
  ["throw new Error('not today');", "does not load: not today"],
  ["import './gone.ts';", "does not build: src/server.ts:1:8"],
])("a server file of %j is told apart, and leaves nothing behind", async (source, message) => {
  const folder = await server({ "README.md": MARKED }, source);
  await expect(writeDocs(folder)).rejects.toThrow(message);
  expect((await readdir(folder)).sort()).toEqual(["README.md", "data", "node_modules", "src"]);
});

test("a listed server's server.json and manifest.json are written and checked with the README", async () => {
  const listed = { ...PACKAGE, "server-build": { listing: { network: false } } };
  const described = `{ name: "server-sample", title: "Sample", tools: [], resources: [], options: [], prompts: [] }`;
  const folder = await server(
    { "README.md": MARKED, "package.json": JSON.stringify(listed) },
    `export const sampleServer = { describe: () => (${described}) };`,
  );
  const names = ["README.md", "server.json", "manifest.json"];
  expect(await writeDocs(folder)).toBe(names.map((name) => `${name} written\n`).join(""));
  expect(await checkDocs(folder)).toBe(names.map((name) => `${name} is up to date\n`).join(""));
  expect(JSON.parse(await readFile(path.join(folder, "server.json"), "utf8"))).toMatchObject({ version: "1.2.3" });

  await addFiles(folder, { "package.json": JSON.stringify({ ...listed, version: "1.3.0" }) });
  await expect(checkDocs(folder)).rejects.toThrow(
    /^server\.json differs from the code:[\s\S]*\n\+ {3}"version": "1\.3\.0",\n[\s\S]*manifest\.json differs/,
  );
});

test("a folder without README.md is reported", async () => {
  await expect(checkDocs(await server({}))).rejects.toThrow("No README.md in");
});
