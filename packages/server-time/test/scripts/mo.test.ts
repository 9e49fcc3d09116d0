import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readMo } from "../../scripts/mo.ts";

/** A catalogue as compiled by gettext. */
function catalogue(entries: readonly (readonly [string, string])[], isLittle: boolean): Buffer {
  const size = 28 + entries.length * 16;
  const head = Buffer.alloc(size);
  const put = (value: number, at: number) => (isLittle ? head.writeUInt32LE(value, at) : head.writeUInt32BE(value, at));
  const texts: Buffer[] = [];
  let end = size;
  const place = (text: string, at: number) => {
    const bytes = Buffer.from(`${text}\0`);
    put(bytes.length - 1, at);
    put(end, at + 4);
    end += bytes.length;
    texts.push(bytes);
  };
  put(0x950412de, 0);
  put(entries.length, 8);
  put(28, 12);
  put(28 + entries.length * 8, 16);
  for (const [index, [key, text]] of entries.entries()) {
    place(key, 28 + index * 8);
    place(text, 28 + (entries.length + index) * 8);
  }
  return Buffer.concat([head, ...texts]);
}

test.each([true, false])("a gettext catalogue is read (little endian: %s)", async (isLittle) => {
  const entries = [
    ["", "Content-Type: text/plain; charset=UTF-8\n"],
    ["1853909", "大阪市"],
    ["524901", "Москва"],
  ] as const;
  const path = join(tmpdir(), `mo-test-${process.pid}-${isLittle}.mo`);
  onTestFinished(() => rm(path, { force: true }));
  await writeFile(path, catalogue(entries, isLittle));
  expect([...(await readMo(path))]).toEqual(entries);
});

test("a missing language has no names", async () => {
  expect((await readMo(join(tmpdir(), "no-such.mo"))).size).toBe(0);
});
