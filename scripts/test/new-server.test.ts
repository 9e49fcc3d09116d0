import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { npm, OPENING, packShared, pipe } from "../lib/npm.ts";
import { ROOT, readJson, readServers } from "../lib/repository.ts";
import { createServer } from "../new-server/create.ts";
import { namesOf } from "../new-server/names.ts";
import { copyProject, readTree, temporaryFolder } from "./repository.ts";

const run = promisify(execFile);

async function copiedTree(): Promise<string> {
  const root = await temporaryFolder();
  await copyProject(".", root);
  return root;
}

const REFUSED: readonly (readonly [args: readonly string[], message: string])[] = [
  [[], "Name the server: pnpm new-server air-quality."],
  [["--help"], "Name the server"],
  [["a", "b"], "Name the server"],
  [[""], '"" cannot be a name.'],
  [["Weather"], '"Weather" cannot be a name. Use lower-case letters'],
  [["../weather"], "cannot be a name"],
  [["air_quality"], "cannot be a name"],
  [["air--quality"], "cannot be a name"],
  [["air-"], "cannot be a name"],
  [["3d"], "begin with a letter"],
  [["x".repeat(31)], "at most 30 characters"],
  [["x".repeat(1e5)], "at most 30 characters"],
  [["server-weather"], 'Leave out "server": pnpm new-server weather.'],
  [["server"], 'Leave out "server"'],
  [["mcp-weather"], 'cannot begin with "mcp"'],
  [["time"], "packages/server-time exists already. Nothing was written."],
];

describe("names", () => {
  test("all forms follow from one name", () => {
    expect(namesOf("air-quality")).toEqual({
      server: "server-air-quality",
      variable: "airQuality",
      type: "AirQuality",
      title: "Air quality",
      environment: "AIR_QUALITY",
    });
    expect(namesOf("s3").server).toBe("server-s3");
  });

  test("an invalid name is refused, and nothing is written", async () => {
    const root = await copiedTree();
    const before = await readTree(root);
    for (const [args, message] of REFUSED) {
      const failure = await createServer(root, args).catch((error: unknown) => error);
      expect(failure).toMatchObject({ name: "NewServerError", message: expect.stringContaining(message) });
      expect(String(failure).length).toBeLessThan(300);
    }
    expect(await readTree(root)).toEqual(before);
  });

  test("an existing folder is left alone, even an empty one", async () => {
    const root = await copiedTree();
    await mkdir(path.join(root, "packages/server-tides"));
    await writeFile(path.join(root, "packages/server-tides/mine"), "mine");
    await expect(createServer(root, ["tides"])).rejects.toThrow("exists already");
    expect(await readTree(path.join(root, "packages/server-tides"))).toEqual(new Map([["mine", "mine"]]));
  });
});

// The longest allowed name: if lines fit with it, they fit with any.
const NAME = "a-name-of-thirty-characters-12";

test("a new server has the layout and its names, and is registered outside its folder", async () => {
  const root = await copiedTree();
  const before = await readTree(root);
  expect(NAME).toHaveLength(30);
  const { folder } = await createServer(root, [NAME]);
  const after = await readTree(root);
  const added = [...after.keys()].filter((file) => !before.has(file));
  expect(added.map((file) => file.replace(`${folder}/`, "")).sort()).toEqual([
    `.changeset/server-${NAME}.md`,
    "LICENSE",
    "README.md",
    "icon.png",
    "icon.svg",
    "package.json",
    "src/cli.ts",
    "src/context.ts",
    "src/server.ts",
    "src/tools/count-words.ts",
    "src/tools/index.ts",
    "test/contract.test.ts",
    "test/server.test.ts",
    "test/tools/count-words.test.ts",
    "tsconfig.json",
    "vitest.config.ts",
  ]);
  expect([...before].filter(([file, text]) => after.get(file) !== text).map(([file]) => file)).toEqual(["README.md"]);
  for (const file of added) expect(after.get(file), file).not.toMatch(/\bWords\b|WORDS|server-words|wordsServer/);
  const { "server-build": made } = await readJson(path.join(root, folder, "package.json"));
  const others = (await readServers()).map(({ json }) => json["server-build"]?.listing?.port);
  expect(made?.listing?.port).toBeGreaterThan(Math.max(...others.map(Number)));
  const servers = (await readFile(path.join(root, "README.md"), "utf8")).match(/(?<=^\| \[)server-[\w-]+/gm) ?? [];
  expect(servers).toContain(`server-${NAME}`);
  expect(servers).toEqual(servers.toSorted());

  // Biome finds nothing to fix in the new files and in the table.
  const biome = path.join(ROOT, "node_modules/.bin/biome");
  await run(biome, ["check", folder, "README.md", ".changeset"], { cwd: root });
});

test("a new server builds, passes its tests and checks, and answers, without any edits", async () => {
  const root = await copiedTree();
  const { folder } = await createServer(root, ["air-quality"]);
  const copy = path.join(root, folder);
  await npm(copy, "install", "--no-save", ...(await packShared()));
  for (const script of ["build", "typecheck", "docs", "docs:check"]) await npm(copy, "run", script);
  // In CI, a missing snapshot is only written on request.
  await npm(copy, "test", "--", "--update");
  expect(existsSync(path.join(copy, "test/__snapshots__/tools.json"))).toBe(true);

  const { bin } = await readJson(path.join(copy, "package.json"));
  expect(bin).toEqual({ "server-air-quality": "dist/cli.js" });
  const { code, replies } = await pipe(path.join(copy, "dist/cli.js"), [], OPENING);
  expect(replies).toMatchObject([
    { result: { serverInfo: { name: "server-air-quality", title: "Air quality" } } },
    { result: { tools: [{ name: "count_words" }] } },
  ]);
  expect(code).toBe(0);
});
