import fc from "fast-check";
import { expect, test } from "vitest";
import { commitText } from "../../src/answers/commit-row.ts";
import { BESIDE, rowTaker } from "../../src/answers/log-rows.ts";
import type { Entry } from "../../src/history/log/log.ts";

const hex = fc.string({ minLength: 40, maxLength: 40, unit: fc.constantFrom(..."0123456789abcdef") });
const words = fc.string({ maxLength: 12 });
const lines = fc.array(fc.string({ minLength: 1, maxLength: 2 }), { maxLength: 300 }).map((all) => all.join("\n"));
const person = fc.record({
  name: words,
  email: words,
  date: fc.constantFrom("2026-03-01T12:00:00+01:00", "2026-03-02T12:00:00Z", ""),
});
const file = fc.record({
  status: fc.constantFrom("A", "M", "R"),
  path: words.map((name) => Buffer.from(name)),
  oldMode: fc.constant("100644"),
  newMode: fc.constant("100644"),
  oldId: hex,
  newId: hex,
});
const entry: fc.Arbitrary<Entry> = fc.record(
  {
    id: hex,
    parents: fc.array(hex, { maxLength: 3 }),
    author: person,
    committer: person,
    encoding: words,
    refs: fc.array(words, { maxLength: 3 }),
    subject: words,
    body: lines,
    trailers: fc.array(fc.record({ key: words, value: words }), { maxLength: 3 }),
    files: fc.array(
      fc
        .tuple(file, fc.option(fc.nat(999), { nil: undefined }), fc.option(words, { nil: undefined }))
        .map(([one, added, from]) => ({
          ...one,
          ...(added !== undefined && { added, removed: added }),
          ...(from !== undefined && { from: Buffer.from(from) }),
        })),
      { maxLength: 3 },
    ),
  },
  { requiredKeys: ["id", "parents", "author", "committer", "refs", "subject", "body", "trailers"] },
);

/** The rows that fit on a page, and the room they have together. */
function pageOf(entries: readonly Entry[], room: number, ends: readonly Entry[] = []) {
  const { rows, take } = rowTaker(room, { commits: new Set(ends.map(({ id }) => id)) });
  for (const one of entries) if (!take(one)) break;
  const text = rows.map(commitText).join("\n\n");
  return { rows, size: Math.max(text.length, JSON.stringify(rows).length), most: room - BESIDE };
}

test("a page fits its room, as text and as JSON", () => {
  fc.assert(
    fc.property(fc.array(entry, { minLength: 10, maxLength: 30 }), fc.boolean(), (entries, isShallow) => {
      const { rows, size, most } = pageOf(entries, 5_000, isShallow ? entries : []);
      // The first one is always taken, however large.
      if (rows.length > 1) expect(size).toBeLessThanOrEqual(most);
    }),
  );
});

test("a page of messages with only short lines fits too, although text indents each line", () => {
  const ada = { name: "Ada", email: "", date: "" };
  const one: Entry = {
    ...{ id: "a".repeat(40), parents: [], refs: [], trailers: [], author: ada, committer: ada },
    ...{ subject: "a", body: "a\n".repeat(2_000) },
  };
  const { rows, size, most } = pageOf(Array(20).fill(one), 40_000);
  expect(rows.length).toBeGreaterThan(1);
  expect(size).toBeLessThanOrEqual(most);
});
