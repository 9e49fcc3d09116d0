import { useServer } from "@org/server-kit/testing";
import { beforeAll, expect, test } from "vitest";
import { gitServer } from "../../src/server.ts";
import { newRepository } from "../git.ts";

const ROOM = 4_000;
const { folder, ok } = useServer(gitServer, { args: ({ path }) => [path, "--max-output", String(ROOM)] });

/** The longest name that git allows. */
const long = (at: number) => `${Array.from({ length: 12 }, () => "d".repeat(200)).join("/")}/${at}`;

beforeAll(() => {
  const git = newRepository(folder.at("site"));
  for (let at = 0; at < 40; at += 1) git.write(long(at), `${"long ".repeat(2_000)}\n${"short\n".repeat(300)}`);
  git.write("short.txt", `${"word\n".repeat(2_000)}`);
  const trailers = Array.from({ length: 200 }, (_, at) => `Co-authored-by: ${"N".repeat(200)}${at} <n@example.com>`);
  git.commit(`${"S".repeat(9_000)}\n\n${"body ".repeat(5_000)}\n\n${trailers.join("\n")}`);
  const id = git("rev-parse", "HEAD");
  const branches = Array.from({ length: 300 }, (_, at) => `create refs/heads/${"b".repeat(100)}-${at} ${id}`);
  git.run(["update-ref", "--stdin"], { input: `${branches.join("\n")}\n` });
  git.write("short.txt", `${"other\n".repeat(2_000)}`);
  git.write(long(0), "changed\n");
  git.commit("Second");
  git.write("short.txt", `${"third\n".repeat(2_000)}`);
  git.write(long(1), "changed\n");
});

/** All pages of a tool's answer; none may be larger than the smallest limit, which the server would refuse. */
async function pages(tool: string, args: Record<string, unknown>): Promise<string[]> {
  const texts: string[] = [];
  for (let cursor: string | undefined, page = 0; page < 60; page += 1) {
    const { text, value } = await ok(tool, { ...args, ...(cursor !== undefined && { cursor }) });
    expect(Math.max(text.length, JSON.stringify(value).length)).toBeLessThanOrEqual(ROOM);
    texts.push(text);
    cursor = /next cursor: (\S+?)(?:,|$)/.exec(text)?.[1];
    if (cursor === undefined) return texts;
  }
  return texts;
}

test.each<[string, Record<string, unknown>]>([
  ["git_log", { stats: true }],
  ["git_show", { revision: "HEAD~1" }],
  ["git_show", {}],
  ["git_diff", { scope: "all" }],
  ["git_diff", { from: "HEAD~1", stat_only: true }],
  ["git_search", { query: "long" }],
  ["git_search", { query: "long", mode: "history" }],
  ["git_search", { query: "body", mode: "message" }],
  ["git_blame", { path: "short.txt" }],
  ["git_blame", { path: long(5) }],
  ["git_read_file", { path: "short.txt" }],
  ["git_read_file", { path: long(5) }],
  ["git_read_file", { path: "." }],
])("%s %j answers within the smallest limit, page by page", async (tool, args) => {
  const texts = await pages(tool, args);
  expect(texts.length).toBeGreaterThan(0);
  expect(texts.every((text) => text.length > 100)).toBe(true);
});

test("a diff is complete, however small its pages", async () => {
  const texts = await pages("git_diff", { paths: ["short.txt"] });
  expect(texts.join("\n").match(/^\+third$/gm)).toHaveLength(2_000);
  expect(texts.join("\n").match(/^-other$/gm)).toHaveLength(2_000);
});
