import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { call, connect, makeFolder } from "@org/server-kit/testing";
import { afterAll, expect, test } from "vitest";
import { environment } from "../../src/git/environment.ts";
import { createLookups } from "../../src/git/lookup.ts";
import { gitServer } from "../../src/server.ts";
import { newRepository } from "../git.ts";

const folder = makeFolder();
afterAll(() => folder.remove());
const never = new AbortController().signal;

/** The git processes for lookups that this one has started. */
const lookups = () =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const [, parent] = /\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
        return Number(parent) === process.pid && command.includes("--batch-check");
      } catch {
        return false;
      }
    });

/** The id that git_show returns for a revision. */
async function shown(client: Parameters<typeof call>[0], revision: string) {
  const { text } = await call(client, "git_show", { revision, stat_only: true });
  return /commit ([0-9a-f]{40})/.exec(text)?.[1] ?? text;
}

test("one git keeps resolving names while branches, tags and packs change", async () => {
  const git = newRepository(join(folder.path, "moving"));
  const ids = Array.from({ length: 4 }, (_, at) => git.commit(`Commit ${at}`));
  await using connection = await connect(gitServer, { args: [git.folder] });
  const { client } = connection;
  expect(await shown(client, "main~3")).toBe(ids[0]);
  const begun = process.platform === "linux" ? lookups() : [];
  expect(begun).toHaveLength(process.platform === "linux" ? 1 : 0);
  const fifth = git.commit("Commit 4");
  expect(await shown(client, "main~0")).toBe(fifth);
  git("tag", "-a", "-m", "Tag", "v1", ids[2] ?? "");
  git("pack-refs", "--all");
  git("gc", "--quiet", "--prune=now");
  expect(await shown(client, "v1")).toBe(ids[2]);
  const other = newRepository(join(folder.path, "other"));
  const foreign = other.commit("From elsewhere");
  git("fetch", "--quiet", other.folder, "main:imported");
  expect(await shown(client, "imported")).toBe(foreign);
  expect(await shown(client, foreign.slice(0, 10))).toBe(foreign);
  git("branch", "--force", "imported", ids[1] ?? "");
  expect(await shown(client, "imported")).toBe(ids[1]);
  git("update-ref", "-d", "refs/heads/imported");
  expect(await shown(client, "imported")).toMatch(/^not_found: /);
  if (process.platform === "linux") expect(lookups()).toEqual(begun);
});

test("a new boundary, a new configuration and a new repository in the same place are noticed", async () => {
  const source = newRepository(join(folder.path, "source"));
  const ids = Array.from({ length: 5 }, (_, at) => source.commit(`Commit ${at}`));
  const place = join(folder.path, "clone");
  const clone = () => execFileSync("git", ["clone", "--quiet", "--depth=2", `file://${source.folder}`, place]);
  clone();
  const inClone = (...args: string[]) => execFileSync("git", args, { cwd: place }).toString();
  await using connection = await connect(gitServer, { args: [folder.path] });
  const ask = async (revision: string) => {
    const { text } = await call(connection.client, "git_show", { repo_path: "clone", revision, stat_only: true });
    return /commit ([0-9a-f]{40})/.exec(text)?.[1] ?? text;
  };
  expect(await ask("HEAD~1")).toBe(ids[3]);
  expect(await ask("HEAD~2")).toMatch(/^not_found: /);
  inClone("fetch", "--quiet", "--unshallow");
  expect(await ask("HEAD~2")).toBe(ids[2]);
  inClone("branch", "topic", "HEAD~3");
  inClone("switch", "--quiet", "-c", "work");
  inClone("branch", "--quiet", "--set-upstream-to=main");
  expect(await ask("@{upstream}")).toBe(ids[4]);
  inClone("branch", "--quiet", "--set-upstream-to=topic");
  expect(await ask("@{upstream}")).toBe(ids[1]);
  rmSync(place, { recursive: true });
  const fresh = newRepository(join(folder.path, "fresh"));
  const first = fresh.commit("All new");
  renameSync(fresh.folder, place);
  expect(await ask("main")).toBe(first);
});

test("the id of a missing object is not found, and :/ finds a commit by its message", async () => {
  const git = newRepository(join(folder.path, "ids"));
  git.write("a.txt", "one\n");
  const id = git.commit("Add one");
  git.commit("Add nothing");
  await using connection = await connect(gitServer, { args: [git.folder] });
  const { client } = connection;
  for (const tool of ["git_show", "git_blame", "git_read_file"]) {
    const args = { revision: "deadbeef".repeat(5), ...(tool !== "git_show" && { path: "a.txt" }) };
    expect((await call(client, tool, args)).text).toMatch(/^not_found: no revision "deadbeef/);
  }
  expect(await shown(client, ":/Add one")).toBe(id);
  expect((await call(client, "git_read_file", { path: "a.txt", revision: ":/Add one" })).text).toContain("one");
  expect(await shown(client, ":/^{/x")).toMatch(/^not_found: /);
  expect(await shown(client, "HEAD:../x")).toMatch(/^not_found: /);
});

test("a name cannot be an option, and when git ends, no question stays unanswered", async () => {
  const git = newRepository(join(folder.path, "ends"));
  const id = git.commit("First");
  const lookups = createLookups();
  const place = (version: string) => ({
    gitDirectory: join(git.folder, ".git"),
    cwd: git.folder,
    env: () => environment([]),
    version,
  });
  expect(await lookups.find(place("1"), "HEAD^{commit}", never)).toEqual({ id, type: "commit" });
  for (const name of ["--batch-all-objects", "--help", "-e HEAD", "HEAD..HEAD", "^HEAD", "nope", "HEAD:nope", ""]) {
    expect(await lookups.find(place("1"), name, never)).toBeUndefined();
  }
  // Questions pending when git ends, through another's deadline or a change, get an answer.
  const deadline = new AbortController();
  const asked = Array.from({ length: 8 }, () => lookups.find(place("1"), "HEAD", deadline.signal));
  deadline.abort();
  expect((await Promise.all(asked)).every((found) => found === undefined || found.id === id)).toBe(true);
  const before = lookups.find(place("2"), "HEAD", never);
  expect(await lookups.find(place("3"), "HEAD", never)).toEqual({ id, type: "commit" });
  expect(await before).toEqual({ id, type: "commit" });
  await expect(async () => lookups.find(place("3"), "HEAD", AbortSignal.abort(new Error("late")))).rejects.toThrow(
    "late",
  );
  lookups.close();
});
