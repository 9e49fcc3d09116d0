import { closeSync, openSync } from "node:fs";
import { expect, test } from "vitest";
import { makeSandbox, opened } from "../sandbox.ts";

const ENTRIES = process.env.HEAVY ? 1_000_000 : 20_000;
/** Megabytes that a listing may add, however many entries there are. */
const MEMORY = 100;

test(`a directory of ${ENTRIES} entries is listed and walked in bounded memory, and stops when told`, async () => {
  const { dir, inside } = makeSandbox();
  for (let index = 0; index < ENTRIES; index += 1) closeSync(openSync(inside(`note-${index}.md`), "w"));
  const root = await opened(dir);
  const before = process.memoryUsage().rss;
  let peak = 0;
  for (const entries of [root.list(""), root.walk("", { stats: true })]) {
    let count = 0;
    for await (const { kind } of entries) {
      if (kind === "file") count += 1;
      if (count % 10_000 === 0) peak = Math.max(peak, process.memoryUsage().rss - before);
    }
    expect(count).toBe(ENTRIES);
  }
  expect(peak / 2 ** 20).toBeLessThan(MEMORY);
  if (process.env.HEAVY) process.stdout.write(`${ENTRIES} entries: ${Math.round(peak / 2 ** 20)} MB\n`);

  const stopper = new AbortController();
  let seen = 0;
  const stopped = (async () => {
    for await (const _ of root.list("", { signal: stopper.signal }))
      if (++seen === 100) stopper.abort(new Error("stop"));
  })();
  await expect(stopped).rejects.toThrow("stop");
  expect(seen).toBeLessThan(1000);
});
