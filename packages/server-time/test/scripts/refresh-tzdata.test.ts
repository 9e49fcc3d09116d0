import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const SCRIPT = fileURLToPath(new URL("../../scripts/refresh-tzdata.ts", import.meta.url));
const DATA = fileURLToPath(new URL("../../src/data/", import.meta.url));
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "zoneinfo-"));
});
afterEach(() => rm(directory, { recursive: true }));

const refresh = (...args: string[]) =>
  new Promise<{ code: unknown; stderr: string }>((resolve) => {
    execFile(process.execPath, ["--import", "tsx", SCRIPT, "--from", directory, ...args], (error, _, stderr) => {
      resolve({ code: error?.code ?? 0, stderr });
    });
  });
const committed = async () =>
  Promise.all((await readdir(DATA)).map(async (name) => [name, await readFile(join(DATA, name), "utf8")]));

test.each([
  [
    "an older release, saying how to get a current one",
    "# version 1999a\n",
    /older than the committed .*apt-get download tzdata/s,
  ],
  ["a directory without a release", "# nothing\n", /does not begin with a release version/],
  ["a release whose zones are missing", "# version 2999a\nZ Europe/Berlin 1 - CET\n", /ENOENT/],
])("refuses %s, and leaves the data alone", async (_, index, message) => {
  const before = await committed();
  await writeFile(join(directory, "tzdata.zi"), index);
  const { code, stderr } = await refresh();
  expect(code).toBe(1);
  expect(stderr).toMatch(message);
  expect(await committed()).toEqual(before);
});

test("refuses a file that is not a compiled zone", async () => {
  await writeFile(join(directory, "tzdata.zi"), "# version 2999a\nZ Nowhere 1 - X\n");
  await writeFile(join(directory, "Nowhere"), "text, and not TZif, however long it may go on to be");
  expect(await refresh()).toMatchObject({ code: 1, stderr: expect.stringContaining("is not a TZif file") });
});

test("the data stays small", async () => {
  const files = await committed();
  expect(files.reduce((sum, [, text]) => sum + (text?.length ?? 0), 0)).toBeLessThan(400_000);
});
