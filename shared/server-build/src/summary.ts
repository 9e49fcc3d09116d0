import path from "node:path";
import type { Metafile } from "esbuild";

export interface Sizes {
  readonly files: number;
  /** Bytes that Node loads before the server can answer: server.js and what it imports statically. */
  readonly eager: number;
  /** Bytes behind a dynamic import. */
  readonly lazy: number;
}

/** Adds up the bundle's files by when they are loaded. */
export function measure({ outputs }: Metafile): Sizes {
  const eager = eagerOutputs(outputs);
  const sizes = Object.entries(outputs).map(([file, { bytes }]) => ({ bytes, eager: eager.has(file) }));
  const sum = (wanted: boolean) =>
    sizes.reduce((total, { bytes, eager }) => (eager === wanted ? total + bytes : total), 0);
  return { files: sizes.length, eager: sum(true), lazy: sum(false) };
}

/** One line for people: `dist: 3 files, 328 KB at start, 41 KB on first use`. */
export function summarize(metafile: Metafile): string {
  const { files, eager, lazy } = measure(metafile);
  return `dist: ${files} ${files === 1 ? "file" : "files"}, ${inKb(eager)} at start, ${inKb(lazy)} on first use`;
}

/** The largest inputs, one per line: kilobytes, when they are loaded, file. */
export function analyze({ outputs }: Metafile, count = 25): string {
  const eager = eagerOutputs(outputs);
  const rows = Object.entries(outputs).flatMap(([output, { inputs }]) =>
    Object.entries(inputs).map(([input, { bytesInOutput }]) => ({
      bytes: bytesInOutput,
      when: eager.has(output) ? "start" : "first use",
      input: input.replace(/^.*node_modules\/(?!\.pnpm)/, ""),
    })),
  );
  const biggest = rows.sort((a, b) => b.bytes - a.bytes).slice(0, count);
  return biggest.map(({ bytes, when, input }) => `${inKb(bytes).padStart(9)}  ${when.padEnd(9)}  ${input}`).join("\n");
}

function eagerOutputs(outputs: Metafile["outputs"]): Set<string> {
  const entry = Object.keys(outputs).find((file) => path.basename(file) === "server.js");
  const eager = new Set<string>();
  const queue = entry ? [entry] : [];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (eager.has(file)) continue;
    eager.add(file);
    for (const { path: target, kind, external } of outputs[file]?.imports ?? []) {
      if (kind !== "dynamic-import" && !external) queue.push(target);
    }
  }
  return eager;
}

function inKb(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} KB`;
}
