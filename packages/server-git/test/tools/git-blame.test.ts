import { useServer } from "@org/server-kit/testing";
import { beforeAll, expect, test } from "vitest";
import { gitServer } from "../../src/server.ts";
import { newRepository, ODD_CONFIGURATION } from "../git.ts";

const { folder, ok, error } = useServer(gitServer, { args: ({ path }) => [path] });
const blame = async (args: Record<string, unknown>) => (await ok("git_blame", { repo_path: "site", ...args })).blocks;
const ids: string[] = [];

beforeAll(() => {
  const git = newRepository(folder.at("site"));
  git.write('old "name".txt', "author x\n\tindented\nsummary y\n");
  ids.push(git.commit("First | line\n\nbody"));
  git("mv", 'old "name".txt', "new.txt");
  ids.push(git.commit("Rename"));
  git.write("new.txt", "author x\n\tindented\nsummary y\nboundary\r\nJ\u00f6rg\u202e\n");
  const latin = { input: Buffer.from("Gr\xfc\xdfe\n", "latin1"), env: { GIT_AUTHOR_NAME: "Grace" } };
  git("add", ".");
  git.run(["-c", "i18n.commitEncoding=ISO-8859-1", "commit", "-q", "-F", "-"], latin);
  ids.push(git("rev-parse", "HEAD"));
  git.write("ten thousand.txt", Array.from({ length: 10_000 }, (_, at) => `line ${at + 1}\n`).join(""));
  git.write("bin", "\0");
  git.write("empty", "");
  git.commit("More");
  git.write(".git/order", "");
  git.write("ignored", `${ids[2]}\n`);
  git.write("new.txt", "not committed\n");
});

test("each line has the commit that last changed it, with the file's name at that time", async () => {
  const [text, facts] = await blame({ path: "new.txt" });
  const [first = "", , third = ""] = ids.map((id) => id.slice(0, 10));
  expect(text?.split("\n").slice(1, -1)).toEqual([
    `${first} 2026-03-01 Ada Lovelace: First | line (as "old \\"name\\".txt")`.replace(
      '"old \\"name\\".txt"',
      'old "name".txt',
    ),
    `${third} 2026-03-01 Grace: Grüße`,
    "",
    `1 ${first} author x`,
    `2 ${first} \tindented`,
    `3 ${first} summary y`,
    `4 ${third} boundary␍`,
    `5 ${third} Jörg⟨U+202E⟩`,
  ]);
  expect(facts).toMatch(/^new\.txt in \w{12}, lines 1 to 5 of 5, work tree .*site, branch main$/);
});

test("no configuration changes the answer, not even revisions to ignore", async () => {
  const before = (await blame({ path: "new.txt" }))[0]?.replace(/<.*>/g, "");
  const git = newRepository(folder.at("site"));
  for (const [key, value] of ODD_CONFIGURATION) git("config", key, value);
  expect((await blame({ path: "new.txt" }))[0]?.replace(/<.*>/g, "")).toBe(before);
  git("config", "blame.ignoreRevsFile", "missing");
  expect(await error("git_blame", { repo_path: "site", path: "new.txt" })).toMatch(
    /^unsupported: .*blame\.ignoreRevsFile/,
  );
  git("config", "--unset", "blame.ignoreRevsFile");
});

test("ranges page through a long file", async () => {
  const [text, facts] = await blame({ path: "ten thousand.txt", start_line: 9_000, end_line: 9_002 });
  expect(text).toMatch(/\n9000 \w{10} line 9000\n9001 \w{10} line 9001\n9002 \w{10} line 9002\n/);
  expect(facts).toContain("lines 9000 to 9002 of 10000, work tree");
  const [, all] = await blame({ path: "ten thousand.txt" });
  expect(all).toMatch(/lines 1 to (\d+) of 10000, next start_line: \d+/);
});

test("a file that cannot be blamed is refused with what to do", async () => {
  const asked = (args: Record<string, unknown>) => error("git_blame", { repo_path: "site", ...args });
  expect(await asked({ path: "new.txt", start_line: 6 })).toMatch(/^invalid_input: .*"new\.txt" has 5 lines/);
  expect(await asked({ path: "new.txt", start_line: 3, end_line: 2 })).toMatch(/^invalid_input/);
  expect(await asked({ path: "bin" })).toMatch(/^unsupported: "bin" is binary/);
  expect(await asked({ path: "none" })).toMatch(/^not_found/);
  expect(await asked({ path: "--contents=/etc/hostname" })).toMatch(/^not_found/);
  expect(await asked({ path: "new.txt", revision: "--contents=/etc/hostname" })).toMatch(/^not_found|^invalid_input/);
  expect((await blame({ path: "empty" }))[0]).toMatch(/^empty in \w{12} is empty/);
});
