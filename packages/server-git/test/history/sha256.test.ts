import { useServer } from "@org/server-kit/testing";
import { expect, test } from "vitest";
import { gitServer } from "../../src/server.ts";
import { gitIn } from "../git.ts";

const { folder, ok } = useServer(gitServer, { args: ({ path }) => [path] });

test("a repository with longer ids works like any other", async () => {
  gitIn(folder.path)("init", "--quiet", "--object-format=sha256", "--initial-branch=main", "long");
  const long = gitIn(folder.at("long"));
  long.write("f.txt", "one\ntwo\n");
  long.commit("First");
  long.write("f.txt", "one\n2\n");
  const id = long.commit("Second");
  expect(id).toMatch(/^[0-9a-f]{64}$/);
  const asked = async (tool: string, args: Record<string, unknown>) => ok(tool, { repo_path: "long", ...args });
  expect((await asked("git_log", { stats: true })).value.commits).toMatchObject([
    { id, files: [{ path: "f.txt", added: 1, removed: 1 }] },
    { subject: "First", parents: [] },
  ]);
  expect((await asked("git_show", { revision: id })).text).toContain("-two\n+2\n");
  expect((await asked("git_blame", { path: "f.txt" })).text).toContain(`2 ${id.slice(0, 10)} 2\n`);
  expect((await asked("git_search", { query: "two", mode: "history" })).value.commits).toHaveLength(2);
  expect((await asked("git_read_file", { path: "f.txt", revision: "HEAD~1" })).blocks[0]).toBe("one\ntwo\n");
  expect((await asked("git_log", { max_count: 1 })).value.next_cursor).toBeDefined();
});
