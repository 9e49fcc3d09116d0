import { isUtf8 } from "node:buffer";
import { join } from "node:path";
import { OBJECT_ID } from "../git/object-id.ts";
import type { Runner } from "../git/types.ts";
import { decodeBytes, shortLine } from "../text/visible.ts";
import { linkStatOf, readSmall, readText } from "./read-small.ts";
import type { Head, Place } from "./types.ts";

/** In a larger packed-refs file, git finds a branch faster than we can read the file. */
const MOST_PACKED = 1 << 20;

/** What is checked out, read from the files if their content is plain: starting git for each answer would cost 4 ms. */
export async function readHead(place: Place, runner: Runner, signal: AbortSignal): Promise<Head> {
  const file = join(place.gitDirectory, "HEAD");
  // Git handles the other forms: a symlink, as it once wrote, and bytes that are not UTF-8, which cannot be a path
  // here.
  const content = linkStatOf(file)?.isFile() ? await readSmall(file) : undefined;
  const text = content && isUtf8(content) ? content.toString().replace(/\n$/, "") : "";
  if (OBJECT_ID.test(text)) return { commit: text };
  const [, branch] = /^ref: refs\/heads\/([^\0\s]+)$/.exec(text) ?? [];
  // Repositories with another ref format have `.invalid` here.
  if (branch === undefined || branch === ".invalid" || branch.split("/").includes("..")) return askHead(runner, signal);
  const commit = await readRef(place.commonDirectory, `refs/heads/${branch}`);
  if (commit !== undefined) return { branch, commit };
  const { stdout, code } = await runner.answer(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], {
    signal,
    codes: [0, 1, 128],
  });
  return code === 0 ? { branch, commit: stdout.toString().trim() } : { branch };
}

async function readRef(commonDirectory: string, ref: string): Promise<string | undefined> {
  const loose = (await readText(join(commonDirectory, ref))) ?? "";
  if (OBJECT_ID.test(loose.trimEnd())) return loose.trimEnd();
  if (loose !== "") return undefined;
  const packed = await readSmall(join(commonDirectory, "packed-refs"), MOST_PACKED);
  const at = packed?.indexOf(` ${ref}\n`) ?? -1;
  const id = packed === undefined || at === -1 ? "" : packed.toString("latin1", packed.lastIndexOf("\n", at) + 1, at);
  return OBJECT_ID.test(id) ? id : undefined;
}

async function askHead(runner: Runner, signal: AbortSignal): Promise<Head> {
  const name = await runner.answer(["symbolic-ref", "--quiet", "HEAD"], { signal, codes: [0, 1, 128] });
  const id = await runner.answer(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], { signal, codes: [0, 1, 128] });
  const [, branch] = /^refs\/heads\/(.+)\n$/.exec(decodeBytes(name.stdout)) ?? [];
  return { ...(branch !== undefined && { branch }), ...(id.code === 0 && { commit: id.stdout.toString().trim() }) };
}

/** `main`, `main (no commits yet)`, `detached at 1a2b3c4`. */
export function headText({ branch, commit }: Head): string {
  if (branch === undefined) return commit === undefined ? "unknown" : `detached at ${commit.slice(0, 12)}`;
  return commit === undefined ? `${shortLine(branch)} (no commits yet)` : shortLine(branch);
}
