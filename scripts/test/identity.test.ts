import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { applyIdentity } from "../identity/apply.ts";
import type { Identity } from "../identity/names.ts";
import { replaceIdentity } from "../identity/replace.ts";
import { ROOT, readPackages } from "../lib/repository.ts";
import { copyProject, readTree, temporaryFolder } from "./repository.ts";

const run = promisify(execFile);
const CURRENT: Identity = JSON.parse(await readFile(path.join(ROOT, "identity.json"), "utf8"));
// Built here, since a tree that mentions the other identity could not be changed back.
const OTHER = identityOf("mimas");

function identityOf(word: string): Identity {
  return { scope: `@${word}-labs`, namespace: `com.${word}`, repository: `https://github.com/${word}/mcp` };
}

async function copiedTree(): Promise<string> {
  const root = await temporaryFolder();
  await copyProject(".", root);
  return root;
}

function setIdentity(root: string, identity: object): Promise<void> {
  return writeFile(path.join(root, "identity.json"), `${JSON.stringify(identity, null, 2)}\n`);
}

/** Finds files that still contain an identity: its scope, namespace or repository as a separate word. */
function strays(tree: Map<string, string>, { scope, namespace, repository }: Identity): string[] {
  const words = [scope, namespace, new URL(repository).pathname.slice(1)].map((word) => word.replaceAll(".", "\\."));
  const pattern = new RegExp(`.*(?<![\\w.-])(?:${words.join("|")})(?![\\w-]|\\.\\w).*`, "g");
  return [...tree].flatMap(([file, text]) => (text.match(pattern) ?? []).map((line) => `${file}: ${line}`));
}

describe("the whole tree", () => {
  test("takes another identity without leftovers of the old one, and is the same after changing back", async () => {
    const root = await copiedTree();
    const before = await readTree(root);

    await setIdentity(root, OTHER);
    expect(await applyIdentity(root)).not.toEqual([]);
    expect(strays(await readTree(root), CURRENT)).toEqual([]);
    expect(await applyIdentity(root)).toEqual([]);

    const packages = await readPackages(root);
    expect(packages.map(({ json }) => json.mcpName).filter(Boolean)).not.toEqual([]);
    expect(disagreements(packages, OTHER)).toEqual([]);

    await setIdentity(root, CURRENT);
    await applyIdentity(root);
    expect(await readTree(root)).toEqual(before);
  });

  test("a second run finishes an interrupted one", async () => {
    const [root, whole] = [await copiedTree(), await copiedTree()];
    await setIdentity(whole, OTHER);
    const changed = await applyIdentity(whole);
    await setIdentity(root, OTHER);
    for (const { file } of changed.slice(0, -1)) {
      await writeFile(path.join(root, file), await readFile(path.join(whole, file)));
    }
    expect((await applyIdentity(root)).map(({ file }) => file)).toEqual(["shared/server-kit/package.json"]);
    expect(await readTree(root)).toEqual(await readTree(whole));
  });

  test("currently has one identity", async () => {
    const packages = await readPackages();
    expect(disagreements(packages, CURRENT)).toEqual([]);
    const names = packages.map(({ json }) => json.name.replace(/^@[^/]+\//, "")).filter((name) => name.includes("-"));
    // The official servers' packages have names like ours, and may be mentioned.
    const foreign = new RegExp(`(?<!\\w)@(?!modelcontextprotocol/)[\\w.-]+/(?:${names.join("|")})(?![\\w-])`, "g");
    const root = await copiedTree();
    const named = [...(await readTree(root)).values()].flatMap((text) => text.match(foreign) ?? []);
    expect(named).not.toEqual([]);
    expect(named.filter((name) => !name.startsWith(`${CURRENT.scope}/`))).toEqual([]);
  });
});

/** Published packages whose name, registry name or repository is not of the identity. */
function disagreements(packages: Awaited<ReturnType<typeof readPackages>>, identity: Identity): string[] {
  return packages
    .filter(({ json }) => !json.private)
    .filter(({ folder, json }) => {
      const short = path.basename(folder);
      const named = json.name === `${identity.scope}/${short}`;
      const registered =
        json.mcpName === (folder.startsWith("packages/") ? `${identity.namespace}/${short}` : undefined);
      const placed = json.repository?.url === `git+${identity.repository}.git`;
      return !(named && registered && placed);
    })
    .map(({ folder }) => folder);
}

test("an invalid identity is refused, and nothing is written", async () => {
  const refused = [
    ["scope", "acme", "write it as @"],
    ["scope", "@Acme/", "write it as @"],
    ["namespace", "acme", "write it as io."],
    ["namespace", "com..acme", "write it as io."],
    ["repository", OTHER.repository.replace("https", "http"), "write it as https://"],
    ["repository", path.dirname(OTHER.repository), "write it as https://"],
    ["repository", `${OTHER.repository}.git`, "write it as https://"],
    ["repository", `${OTHER.repository}/tree/main`, "write it as https://"],
    ["scope", undefined, "write it as @"],
  ] as const;
  const root = await copiedTree();
  for (const [key, value, advice] of refused) {
    await setIdentity(root, { ...OTHER, [key]: value });
    const before = await readTree(root);
    await expect(applyIdentity(root)).rejects.toThrow(advice);
    expect(await readTree(root)).toEqual(before);
  }
});

describe("a name is only replaced where it ends", () => {
  const { scope, namespace, repository } = CURRENT;
  const address = repository.replace("https://", "");
  const replaced = (text: string) => replaceIdentity(text, CURRENT, OTHER).text;

  test.each([
    [`${scope}/server-x`, `${OTHER.scope}/server-x`],
    [`Publish to ${scope}.`, `Publish to ${OTHER.scope}.`],
    [`${scope}:registry=`, `${OTHER.scope}:registry=`],
    [`%40${scope.slice(1)}%2Fserver-x`, `%40${OTHER.scope.slice(1)}%2Fserver-x`],
    [`${namespace}/server-x`, `${OTHER.namespace}/server-x`],
    [`git+${repository}.git`, `git+${OTHER.repository}.git`],
    [`${repository}/tree/main`, `${OTHER.repository}/tree/main`],
    [`See ${repository}.`, `See ${OTHER.repository}.`],
    [`git@${address.replace("/", ":")}.git`, `git@${OTHER.repository.slice("https://".length).replace("/", ":")}.git`],
  ])("%s becomes %s", (before, after) => {
    expect(replaced(before)).toBe(after);
  });

  test.each([
    `${scope}anization/server-x`,
    `${scope}-labs/server-x`,
    `someone${scope}/x`,
    `${namespace}anization/server-x`,
    `${namespace}.tools/server-x`,
    `x.${namespace}/server-x`,
    `${repository}-archive`,
    `${repository}.github.io`,
  ])("%s stays", (text) => {
    expect(replaced(text)).toBe(text);
  });

  test("a new name that contains the old one is written once", () => {
    const wider = { ...CURRENT, scope: `${scope}-labs` };
    expect(replaceIdentity(`${scope}/a ${scope}/b`, CURRENT, wider)).toEqual({
      text: `${scope}-labs/a ${scope}-labs/b`,
      count: 2,
    });
  });
});

test("pnpm identity prints what it changed, and works in a checkout as well as in a copy without git", async () => {
  const root = await copiedTree();
  await run("git", ["init", "-q"], { cwd: root });
  await setIdentity(root, OTHER);
  const tsx = path.join(ROOT, "scripts/node_modules/tsx/dist/cli.mjs");
  const identity = () => run(process.execPath, [tsx, path.join(ROOT, "scripts/identity.ts"), root]);
  expect((await identity()).stdout).toMatch(/^shared\/server-kit\/package\.json: \d+$[\s\S]*pnpm install/m);
  expect((await identity()).stdout).toBe("The tree has the identity of identity.json already.\n");
});
