import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { call, connect, isHeavy, makeFolder } from "@org/server-kit/testing";
import { afterAll, expect, test } from "vitest";
import * as z from "zod";
import { gitServer } from "../../src/server.ts";
import { newRepository } from "../git.ts";

const folder = makeFolder();
afterAll(() => folder.remove());

const git = newRepository(join(folder.path, "site"));
git.write("a.txt", "one\n");
git.commit("First");
const secret = join(folder.path, "secret.txt");
writeFileSync(secret, "top secret\n");
// A branch named like an option, which can be created by writing a file.
const written = join(folder.path, "written");
git.write(".git/refs/heads/--output=written", `${git("rev-parse", "HEAD")}\n`);

/** Values that some command could take for an option, a second repository, a program or another kind of path. */
const PAYLOADS = [
  `--output=${written}`,
  "--output=written",
  "-o",
  `--no-index`,
  `--contents=${secret}`,
  `--open-files-in-pager=touch ${written}`,
  `-Otouch ${written}`,
  `--upload-pack=touch ${written}`,
  `--receive-pack=touch ${written}`,
  `--exec=touch ${written}`,
  `--file=${secret}`,
  `--pathspec-from-file=${secret}`,
  `--git-dir=${folder.path}`,
  `--work-tree=/`,
  `--template=${secret}`,
  `--exec-path=${folder.path}`,
  `-c core.fsmonitor=touch ${written}`,
  `ext::sh -c touch% ${written}`,
  `$(touch ${written})`,
  `\`touch ${written}\``,
  `; touch ${written}`,
  `| touch ${written}`,
  `a\ntouch ${written}`,
  "a\0b",
  `HEAD --output=${written}`,
  `HEAD:../secret.txt`,
  `HEAD..HEAD`,
  `:/First`,
  `^HEAD`,
  `@{-1}`,
  `:(top,glob)**`,
  `../secret.txt`,
  secret,
  "%n%H",
  "--",
  "",
];

test("no string that a client sends becomes an option, a program or a path outside", async () => {
  await using connection = await connect(gitServer, { args: [join(folder.path, "site"), "--allow-remote"] });
  const { client } = connection;
  const { tools } = await client.listTools();
  const head = git("rev-parse", "HEAD");
  const beside = readdirSync(folder.path).sort();
  let parameters = 0;
  for (const { name, inputSchema } of tools) {
    const { properties = {}, required = [] } = inputSchema;
    // The tool's other required parameters, so that only the payload matters.
    const base: Record<string, unknown> = {};
    for (const parameter of required) base[parameter] = COMMON[parameter] ?? "a.txt";
    for (const [parameter, schema] of Object.entries(properties)) {
      const { type, enum: choices } = Parameter.parse(schema);
      if ((type !== "string" && type !== "array") || choices) continue;
      parameters++;
      // Each parameter gets a ninth of the payloads, and each payload goes to a ninth of them; the heavy run has all pairs.
      for (const payload of PAYLOADS.filter((_, at) => isHeavy || (at + parameters) % 9 === 0)) {
        const { text } = await call(client, name, { ...base, [parameter]: type === "array" ? [payload] : payload });
        const what = `${name} ${parameter}=${JSON.stringify(payload)}`;
        expect(existsSync(written), what).toBe(false);
        expect(text, what).not.toContain("top secret");
        expect(text, what).not.toMatch(/^internal/);
      }
    }
  }
  expect(parameters).toBeGreaterThan(35);
  expect(readdirSync(folder.path).sort()).toEqual(beside);
  expect(readdirSync(git.folder).filter((name) => name !== ".git" && name !== "a.txt")).toEqual([]);
  expect(git("rev-parse", "refs/heads/main")).toBe(head);
});

const Parameter = z.object({ type: z.string(), enum: z.array(z.unknown()).optional() });

const COMMON: Readonly<Record<string, unknown>> = {
  files: ["a.txt"],
  message: "x",
  branch_name: "main",
  revision: "HEAD",
  path: "a.txt",
  query: "one",
  action: "list",
};
