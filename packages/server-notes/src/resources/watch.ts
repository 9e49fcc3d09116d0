import { lookEverySecond, type Release } from "@org/server-kit";
import type { Vault } from "../vault/vault.ts";
import { listedPath } from "./read-note.ts";
import { pathOf } from "./uri.ts";

/** Milliseconds by which a file's time may lag behind the clock. */
const CLOCK_STEP = 10;

/** Calls `changed` when the file is changed, created or removed. */
export function watchNote(uri: string, vault: Vault, changed: () => void): Release {
  const path = pathOf(uri);
  const safe = path === undefined ? undefined : listedPath(vault, path);
  if (safe === undefined) return () => undefined;
  const since = Date.now() - CLOCK_STEP;
  let known: string | undefined;
  let isStopped = false;
  const look = async () => {
    const { state, modifiedMs } = await stateAt(vault, safe);
    // The first look may come after the first change; then the file's time shows that it is newer.
    const isChanged = known === undefined ? modifiedMs >= since : known !== state;
    known = state;
    if (isChanged && !isStopped) changed();
  };
  void look();
  // For changes that the folder's watch misses.
  const leave = lookEverySecond(look);
  const stop = vault.index.onChange((one) => {
    if (one === safe) void look();
  });
  return () => {
    isStopped = true;
    leave();
    stop();
  };
}

/** A string that differs between two states of a file. */
async function stateAt({ root }: Vault, path: string): Promise<{ state: string; modifiedMs: number }> {
  try {
    const { ino, size, mtimeMs } = await root.stat(path);
    return { state: `${ino} ${size} ${mtimeMs}`, modifiedMs: mtimeMs };
  } catch {
    return { state: "", modifiedMs: 0 };
  }
}
