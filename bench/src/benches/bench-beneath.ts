import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { openRoot } from "@org/beneath";
import { atMost, plain } from "../report/figures.ts";
import { progress } from "../report/progress.ts";
import type { Section } from "../report/report.ts";
import { type Spread, spreadOf, steady } from "../report/stats.ts";

const DEEP = "one/two/three/four/five/six";
const ROUNDS = 21;
const READS = 1000;
const WRITES = 200;
const FILES = 10_000;
/** Two runs of the same thing may differ by this factor, or the run between them does not count. */
const STEADY = 1.15;

/** The cost of confinement: the same work with plain Node and through a root, alternating. */
export async function benchBeneath(): Promise<Section> {
  const folder = await mkdtemp(path.join(tmpdir(), "bench-"));
  const root = await openRoot(folder);
  try {
    await mkdir(path.join(folder, DEEP), { recursive: true });
    const file = path.join(folder, DEEP, "note.md");
    await writeFile(file, "x".repeat(4096));
    const reads = await compare(
      READS,
      () => readFile(file),
      () => root.read(`${DEEP}/note.md`),
    );
    const writes = await compare(
      WRITES,
      () => writeFile(file, "y"),
      () => root.write(`${DEEP}/note.md`, "y", { durable: false }),
    );
    for (let index = 0; index < FILES; index += 1) {
      const place = path.join(folder, "many", `${index % 100}`);
      if (index < 100) await mkdir(place, { recursive: true });
      await writeFile(path.join(place, `${index}.md`), "");
    }
    const walks: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const started = performance.now();
      let files = 0;
      for await (const { kind } of root.walk("many", { stats: true })) if (kind === "file") files += 1;
      if (files !== FILES) throw new Error(`The walk told ${files} files.`);
      walks.push(performance.now() - started);
    }
    return {
      title: "Confined file access",
      how: `A file of 4 KB seven levels deep, read repeatedly with Node's readFile and through a root (${root.protection}); a write that replaces it, with writeFile and atomically; a walk over ${FILES} files with their stats.`,
      figures: [
        plain("read, Node alone", reads.plain, "µs"),
        plain("read, through a root", reads.ours, "µs"),
        atMost("read, through a root against Node alone", reads.ratio, 1.3, "times"),
        plain("write, Node alone, not atomic", writes.plain, "µs"),
        plain("write, through a root, atomic, not flushed", writes.ours, "µs"),
        plain("walk", spreadOf(walks), "ms"),
      ],
    };
  } finally {
    await root.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Compared {
  readonly plain: Spread;
  readonly ours: Spread;
  readonly ratio: Spread;
}

async function compare(
  times: number,
  alone: () => Promise<unknown>,
  confined: () => Promise<unknown>,
): Promise<Compared> {
  const [plain, ours, ratios]: [number[], number[], number[]] = [[], [], []];
  await timeOf(times, alone);
  await timeOf(times, confined);
  for (let round = 0; round < ROUNDS * 4 && ratios.length < ROUNDS; round += 1) {
    progress(`round ${round + 1}, ${ratios.length} of ${ROUNDS} steady`);
    const before = await timeOf(times, alone);
    const mine = await timeOf(times, confined);
    const base = steady(before, await timeOf(times, alone), STEADY);
    if (base === undefined) continue;
    plain.push(base);
    ours.push(mine);
    ratios.push(mine / base);
  }
  return { plain: spreadOf(plain), ours: spreadOf(ours), ratio: spreadOf(ratios) };
}

/** Microseconds per run. */
async function timeOf(times: number, work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  for (let count = 0; count < times; count += 1) await work();
  return ((performance.now() - started) * 1000) / times;
}
