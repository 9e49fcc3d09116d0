import { openRoot, openScanner } from "@org/beneath";
import { makeFolder, useCleanup } from "@org/server-kit/testing";
import { expect, test } from "vitest";
import { type ContentArgs, content } from "../../src/search/find-lines.ts";
import { type FindArgs, find } from "../../src/search/find-names.ts";
import type { JobContext } from "../../src/search/job-context.ts";
import type { FileMatches, LinePosition } from "../../src/search/types.ts";

const cleanup = useCleanup();

/** Repeats a job, each time for a few entries, continuing where the previous one ended. */
async function inSteps(steps: number, run: (work: JobContext, turn: number) => boolean): Promise<number> {
  const folder = makeFolder();
  cleanup(folder.remove);
  for (let index = 0; index < 40; index += 1) {
    folder.write(`d${index % 3}/e${index % 4}/f${index}`, index % 5 === 0 ? `needle ${index}\nx\nneedle\n` : "x");
  }
  const root = await openRoot(folder.path);
  cleanup(() => root.close());
  using scan = await root.scan("");
  let turns = 0;
  for (let more = true; more; turns += 1) {
    const scanner = openScanner(scan.start);
    let left = steps;
    const goOn = () => {
      left -= 1;
      return left >= 0;
    };
    more = run({ start: scan.start, scanner, goOn, enter: () => undefined, tell: () => undefined }, turns);
    scanner.close();
  }
  return turns;
}

test("names: a search stopped and continued finds everything once", async () => {
  const args: FindArgs = {
    pattern: "f*",
    caseSensitive: true,
    sortBy: "path",
    ignore: undefined,
    after: undefined,
    exclude: [],
    kind: "file",
    modifiedAfter: undefined,
    minSize: undefined,
    maxSize: undefined,
    limit: 1000,
    from: undefined,
  };
  const seen: string[] = [];
  let from: string | undefined;
  const turns = await inSteps(5, (work) => {
    const result = find(work, { ...args, from });
    seen.push(...result.found.map(({ path }) => path));
    from = result.next;
    expect(result.stopped).toBe(from !== undefined);
    return from !== undefined;
  });
  expect(turns).toBeGreaterThan(8);
  expect(seen).toHaveLength(40);
  expect(new Set(seen).size).toBe(40);
});

test.each([1, 2])("lines: a search stopped and continued finds everything once, in %d shares", async (shares) => {
  const seen: string[] = [];
  for (let share = 0; share < shares; share += 1) {
    let from: LinePosition | undefined;
    await inSteps(7, (work) => {
      const args: ContentArgs = {
        query: "needle",
        regex: false,
        caseSensitive: true,
        wanted: "lines",
        include: [],
        exclude: [],
        context: 0,
        limit: 1000,
        ignore: [],
        from,
        share,
        shares,
        maxRead: 1000,
      };
      const found: FileMatches[] = [];
      const result = content({ ...work, tell: (part) => void found.push(...part) }, args);
      for (const { path, lines } of found) seen.push(...lines.map(({ number }) => `${path}:${number}`));
      from = result.next;
      return from !== undefined;
    });
  }
  expect(seen).toHaveLength(16);
  expect(new Set(seen).size).toBe(16);
});
