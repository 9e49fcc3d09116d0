import { expect, test } from "vitest";
import { useServer } from "../use-server.ts";

const { ok } = useServer({
  files: {
    ...Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`d${n % 4}/e/f${n}.txt`, "needle\nx\n".repeat(n + 1)])),
    "none.txt": "nothing\n",
  },
});

async function search(more: Readonly<Record<string, unknown>>) {
  const { blocks } = await ok("search_content", { path: "", query: "needle", ...more });
  const [body = "", facts = ""] = blocks;
  return { lines: body.split("\n"), facts, cursor: /cursor (\S+)$/.exec(facts)?.[1] };
}

const expected = Array.from({ length: 30 }, (_, n) => ({ path: `d${n % 4}/e/f${n}.txt`, count: n + 1 })).sort((a, b) =>
  a.path < b.path ? -1 : 1,
);

test("files only: each path once", async () => {
  const { lines, facts } = await search({ output: "files" });
  expect(lines).toEqual(expected.map(({ path }) => path));
  expect(facts).toBe("30 matching files, 31 files searched, complete");
});

test("counts: how many lines match in each file", async () => {
  const { lines, facts } = await search({ output: "counts" });
  expect(lines).toEqual(expected.map(({ path, count }) => `${path}:${count}`));
  expect(facts).toBe("465 matching lines in 30 files, 31 files searched, complete");
});

test.each(["files", "counts"])("%s: pages hold all, and nothing twice", async (output) => {
  const all = (await search({ output })).lines;
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await search({ output, limit: 7, ...(cursor && { cursor }) });
    expect(page.lines.length).toBeLessThanOrEqual(7);
    if (page.cursor) expect(page.facts).toMatch(/shown, more follow: cursor/);
    seen.push(...page.lines);
    cursor = page.cursor;
  } while (cursor);
  expect(seen).toEqual(all);
});

test("lines: the number of a page does not read as the total", async () => {
  expect((await search({ limit: 10 })).facts).toMatch(
    /^10 matching lines in \d files? shown, more follow: cursor \S+$/,
  );
});
