import { call, connect, makeFolder, useCleanup } from "@org/server-kit/testing";
import { expect, test } from "vitest";
import { filesystemServer } from "../../src/server.ts";

const cleanup = useCleanup();

async function allowed(...args: string[]) {
  const { client, close } = await connect(filesystemServer, { args });
  cleanup(close);
  return call(client, "list_allowed_directories", {});
}

test("list_allowed_directories names them in order, and whether each is writable", async () => {
  const [first, second] = [makeFolder(), makeFolder()];
  cleanup(() => [first.remove(), second.remove()]);
  const { value, text } = await allowed(first.path, "--ro", second.path);
  expect(value).toEqual({
    directories: [
      { path: first.path, writable: true },
      { path: second.path, writable: false },
    ],
  });
  expect(text.split("\n")).toEqual([`${first.path} (read and write)`, `${second.path} (read only)`]);
});

test("with --read-only none is writable", async () => {
  const folder = makeFolder();
  cleanup(folder.remove);
  expect((await allowed(folder.path, "--read-only")).value).toMatchObject({ directories: [{ writable: false }] });
});

test("without any it says what to pass", async () => {
  const { value, text, isError } = await allowed();
  expect(isError).toBe(false);
  expect(value).toMatchObject({ directories: [], note: text });
  expect(text).toMatch(/server-filesystem ~\/Documents/);
});

test("of more than an answer holds, it says how many are left out", async () => {
  const folders = Array.from({ length: 80 }, () => makeFolder());
  cleanup(() => folders.map(({ remove }) => remove()));
  const { value, text } = await allowed(...folders.map(({ path }) => path), "--max-output", "4000");
  expect(value).toMatchObject({
    directories: expect.any(Array),
    note: expect.stringMatching(/^\d+ more are not shown\.$/),
  });
  expect(text.split("\n")[0]).toContain(folders[0]?.path);
});
