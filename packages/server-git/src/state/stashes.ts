import type { Repository } from "../repositories/types.ts";
import { decodeText, shortLine } from "../text/visible.ts";

export interface Stash {
  /** The id of its commit. */
  readonly stash: string;
  readonly date: string;
  readonly message: string;
}

/** All stashes, newest first, in the order of `stash@{0}`, `stash@{1}` and so on. */
export async function listStashes(repository: Repository, signal: AbortSignal): Promise<Stash[]> {
  const { code } = await repository.answer(["show-ref", "--verify", "--quiet", "refs/stash"], {
    signal,
    codes: [0, 1],
  });
  if (code !== 0) return [];
  const args = ["log", "-z", "--walk-reflogs", "--no-show-signature", "--format=%H%n%cI%n%gs", "refs/stash", "--"];
  const stashes: Stash[] = [];
  for await (const record of repository.records(args, { signal })) {
    const [stash = "", date = "", ...rest] = decodeText(record).split("\n");
    stashes.push({ stash, date, message: shortLine(rest.join("\n")) });
  }
  return stashes;
}

const ATTEMPTS = 3;
/** Milliseconds for restoring another program's stash, which the call's own deadline must not interrupt. */
const RESCUE_MS = 5_000;

/**
 * Drops one stash. Git can only drop by position, and another program may push or drop a stash after the list was read.
 * If git reports that it dropped a different one, that one is put back, as the newest.
 * @returns whether the stash has been dropped
 */
export async function dropStash(repository: Repository, id: string, signal: AbortSignal): Promise<boolean> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const at = (await listStashes(repository, signal)).findIndex(({ stash }) => stash === id);
    if (at === -1) return true;
    const drop = ["stash", "drop", `stash@{${at}}`];
    const { stdout } = await repository.answer(drop, { signal, codes: [0, 1, 128] });
    const [, dropped] = /\(([0-9a-f]{40,64})\)\n$/.exec(stdout.toString("latin1")) ?? [];
    if (dropped === id) return true;
    if (dropped !== undefined) await putBack(repository, dropped);
  }
  return false;
}

async function putBack(repository: Repository, id: string): Promise<void> {
  const signal = AbortSignal.timeout(RESCUE_MS);
  const message = await repository.git(["log", "-1", "--no-show-signature", "--format=%s", id, "--"], { signal });
  await repository.git(["stash", "store", "--message", message.toString().trim(), id], { signal });
}
