import { readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { describeServer, type ServerDescription } from "./describe.ts";
import { Failure } from "./failure.ts";
import { SECTIONS } from "./sections.ts";

const MARKER = /^<!-- (\/?)generated: (\S+) -->$/;
const SHOWN_LINES = 12;

/** Writes the generated parts of the README in `folder`. Answers what was done. */
export async function writeReadme(folder: string): Promise<string> {
  const { file, before, after } = await generate(folder);
  if (before === after) return "README.md is up to date\n";
  // In one step: a README that is being read is never half written.
  await writeFile(`${file}.tmp`, after);
  await rename(`${file}.tmp`, file);
  return "README.md written\n";
}

/** Compares the README in `folder` with the code. @throws Failure with the first difference */
export async function checkReadme(folder: string): Promise<string> {
  const { before, after } = await generate(folder);
  if (before === after) return "README.md is up to date\n";
  throw new Failure(`README.md differs from the code:\n${firstDifference(before, after)}\nRun: server-build docs`);
}

async function generate(folder: string): Promise<{ file: string; before: string; after: string }> {
  const file = path.join(folder, "README.md");
  const before = await readFile(file, "utf8").catch(() => {
    throw new Failure(`No README.md in ${folder}.`);
  });
  const after = fillIn(before, await describeServer(folder));
  return { file, before, after };
}

/**
 * Replaces what stands between the markers `<!-- generated: tools -->` and `<!-- /generated: tools -->`,
 * likewise for options, resources and prompts, and leaves all else as it is.
 * @throws Failure for a text without markers, an unknown name, or a marker without its counterpart
 */
export function fillIn(readme: string, server: ServerDescription): string {
  const lines: string[] = [];
  let open: string | undefined;
  let found = false;
  for (const line of readme.split("\n")) {
    const [marker, slash, name = ""] = MARKER.exec(line.trimEnd()) ?? [];
    if (marker === undefined) {
      if (open === undefined) lines.push(line);
      continue;
    }
    found = true;
    if (slash) {
      if (open !== name) throw new Failure(`README.md: '${marker}' ends what was not begun.`);
      lines.push(marker);
      open = undefined;
      continue;
    }
    if (open !== undefined) throw unended(open);
    const section = Object.hasOwn(SECTIONS, name) ? SECTIONS[name] : undefined;
    if (!section) {
      throw new Failure(`README.md: '${marker}' is unknown. Known: ${Object.keys(SECTIONS).join(", ")}.`);
    }
    lines.push(marker, "", section(server), "");
    open = name;
  }
  if (open !== undefined) throw unended(open);
  // A README without markers would pass every check for ever.
  if (!found) throw new Failure("README.md has no generated part. Add '<!-- generated: tools -->' and its end.");
  return lines.join("\n");
}

function unended(name: string): Failure {
  return new Failure(`README.md: '<!-- generated: ${name} -->' has no '<!-- /generated: ${name} -->'.`);
}

/** The lines that differ between the common start and the common end, as a diff prints them. */
function firstDifference(before: string, after: string): string {
  const [old, now] = [before.split("\n"), after.split("\n")];
  let start = 0;
  while (start < old.length && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < Math.min(old.length, now.length) - start && old.at(-1 - end) === now.at(-1 - end)) end += 1;
  const excerpt = (sign: string, lines: readonly string[]) => {
    const changed = lines.slice(start, lines.length - end).map((line) => `${sign} ${line}`);
    const rest = changed.length - SHOWN_LINES;
    return rest > 0 ? [...changed.slice(0, SHOWN_LINES), `${sign} … ${rest} more`] : changed;
  };
  return [`@@ line ${start + 1} @@`, ...excerpt("-", old), ...excerpt("+", now)].join("\n");
}
