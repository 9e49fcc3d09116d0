import { expect, test } from "vitest";
import { useServer } from "../use-server.ts";

const { folder, ok } = useServer({
  files: {
    "src/Config.ts": "const Port = 80;\nabc123\n",
    "src/lib/util.ts": "x\n",
    "app/[slug]/page.tsx": "y\n",
  },
});
const content = async (args: Readonly<Record<string, unknown>>) =>
  (await ok("search_content", { path: "", ...args })).blocks[1] ?? "";
const names = async (pattern: string, more: Readonly<Record<string, unknown>> = {}) =>
  (await ok("search_files", { path: "", pattern, ...more })).value;

test.each<[args: Readonly<Record<string, unknown>>, hint: string]>([
  [{ query: "const port" }, "ignoring case it matches, as in src/Config.ts:1: pass case_sensitive: false"],
  [{ query: "const|let" }, "pass regex: true"],
  [{ query: "Port\\s=" }, "pass regex: true"],
  [{ query: "console\\.log" }, "pass regex: true"],
  [{ query: "[[:digit:]]{3}", regex: true }, "[[:digit:]] as \\d"],
  [{ query: "\\Aabc", regex: true }, "\\A as ^"],
  [{ query: "abc\\h", regex: true }, "[ \\t]"],
  [{ query: "\\<port\\>", regex: true }, "\\b"],
  [{ query: "x", include: ["lib\\*.ts"] }, "in include, write / between names: lib/*.ts"],
  [{ query: "y", include: ["app/[slug]/*"] }, "app/\\[slug\\]/*"],
  [{ query: "x", include: ["lib/*.ts"] }, "**/lib/*.ts matches at any depth"],
  [{ query: "x", include: ["util"] }, "*util* matches a part of it"],
  [{ query: "x", exclude: ["**"] }, "no file passes include and exclude"],
])("a search for %j that finds nothing says what to try", async (args, hint) => {
  const facts = await content(args);
  expect(facts).toMatch(/^0 matching lines in 0 files/);
  expect(facts).toContain(hint);
});

test("an absolute include gets the advice to be relative", async () => {
  expect(await content({ query: "x", include: [`${folder.path}/src/lib/*.ts`] })).toContain(
    "in include, patterns are relative to path: src/lib/*.ts",
  );
});

test("a query with matches, or with nothing similar, gets no hint", async () => {
  expect(await content({ query: "Port" })).not.toContain("Hint");
  expect(await content({ query: "zebra" })).toBe("0 matching lines in 0 files, 3 files searched, complete");
});

test.each<[pattern: string, hint: string]>([
  ["config.ts", 'ignoring case it matches "src/Config.ts": pass case_sensitive: false'],
  ["util", "*util* matches a part of it"],
  ["lib/*.ts", "**/lib/*.ts matches at any depth"],
  ["[slug]", "\\[slug\\] means the brackets themselves"],
  ["src\\lib\\*.ts", "src/lib/*.ts"],
  ["C:/project/*.ts", "relative to path"],
])("a name %j that nothing has says what to try", async (pattern, hint) => {
  const { matches, complete, hint: given } = await names(pattern);
  expect({ matches, complete }).toEqual({ matches: [], complete: true });
  expect(given).toContain(hint);
});

test("the hints for names lead there", async () => {
  expect((await names(`${folder.path}/src/**`)).hint).toContain("src/**");
  const found = async (pattern: string, more = {}) => (await names(pattern, more)).matches;
  expect(await found("config.ts", { case_sensitive: false })).toMatchObject([{ path: "src/Config.ts" }]);
  expect(await found("\\[slug\\]")).toMatchObject([{ path: "app/[slug]" }]);
  expect(await found("**/lib/*.ts")).toMatchObject([{ path: "src/lib/util.ts" }]);
  expect((await names("nothing-like-it*")).hint).toBeUndefined();
});
