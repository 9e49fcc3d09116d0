import { setTimeout as delay } from "node:timers/promises";
import type { Stat } from "@org/beneath";
import { lookEverySecond, type Release } from "@org/server-kit";
import type { Place, Sandbox } from "../sandbox/types.ts";
import { pathOf } from "../sandbox/uri.ts";
import { watchDirectory } from "./watch-directory.ts";

/** Milliseconds between two notifications of one file: a long write is many changes. */
const QUIET = 100;
/** Milliseconds by which a file's time may lag behind the clock. */
const CLOCK_STEP = 20;

/**
 * Calls `changed` when the file is changed, created, replaced or removed, or when an entry is added to or removed from
 * the directory. A denied path is treated as missing.
 */
export function watchFile(uri: string, sandbox: Sandbox, changed: () => void): Release {
  const path = pathOf(uri);
  return path === undefined ? () => undefined : follow(path, sandbox, changed);
}

/** The state of a path at one time. */
interface State {
  readonly place: Place | undefined;
  readonly isDirectory: boolean;
  /** Changes whenever the file does; empty when there is none. */
  readonly text: string;
  /** When it last changed; for a missing file, when its directory did. */
  readonly changedMs: number;
}

function follow(path: string, sandbox: Sandbox, changed: () => void): Release {
  let known: State | undefined;
  let lookedAt = Date.now();
  let isStopped = false;
  let isBusy = false;
  let wanted: "nothing" | "look" | "certain" = "nothing";
  let watched: { readonly key: string; readonly place: Place; readonly release: Release } | undefined;

  /** Whether there is a change to report. */
  const look = async (isCertain: boolean): Promise<boolean> => {
    const [before, since] = [known, lookedAt];
    const now = Date.now();
    const state = await stateAt(path, sandbox);
    [known, lookedAt] = [state, now];
    if (isStopped) return false;
    watch(state);
    // A change before the first look, or in the same tick as the previous one, is visible only in the file's time.
    const isRecent = state.changedMs >= since - CLOCK_STEP;
    return before ? before.text !== state.text || (isCertain && isRecent) : isRecent;
  };

  const watch = ({ place, isDirectory }: State) => {
    const directory = isDirectory ? place?.path : place?.path.replace(/\/?[^/]*$/, "");
    if (watched?.place.root === place?.root && watched?.key === directory) return;
    watched?.release();
    watched = undefined;
    if (!place || directory === undefined) return;
    const release = watchDirectory(place.root, directory, (told) => {
      if (concerns(told, place.path)) notice(told === place.path);
    });
    watched = { key: directory, place, release };
  };

  const notice = (isCertain: boolean) => {
    if (isCertain || wanted === "nothing") wanted = isCertain ? "certain" : "look";
    if (!isBusy) void work();
  };

  const work = async () => {
    isBusy = true;
    while (wanted !== "nothing" && !isStopped) {
      const isCertain = wanted === "certain";
      wanted = "nothing";
      if (!(await look(isCertain)) || isStopped) continue;
      changed();
      await delay(QUIET, undefined, { ref: false });
    }
    isBusy = false;
  };

  notice(false);
  // For changes that no watch reports: behind a link, on a network drive, after new roots.
  const leave = lookEverySecond(() => notice(false));
  return () => {
    isStopped = true;
    leave();
    watched?.release();
  };
}

/**
 * Whether news of `told` (undefined for anything) may concern `path`: the same path, one inside it, or one above it.
 */
const concerns = (told: string | undefined, path: string) =>
  told === undefined || told === path || told.startsWith(path && `${path}/`) || path.startsWith(`${told}/`);

async function stateAt(path: string, sandbox: Sandbox): Promise<State> {
  let place: Place | undefined;
  try {
    place = sandbox.at(path);
    const own = await place.root.stat(place.path);
    const stat = own.target === "file" ? await statBehind(place) : own;
    const { dev, ino, size, mtimeMs } = stat;
    const text = `${dev} ${ino} ${size} ${mtimeMs}`;
    return { place, isDirectory: stat.kind === "directory", text, changedMs: mtimeMs };
  } catch {
    return { place, isDirectory: false, text: "", changedMs: place ? await parentTime(place) : 0 };
  }
}

async function statBehind({ root, path }: Place): Promise<Stat> {
  await using file = await root.open(path);
  return file.stat;
}

async function parentTime({ root, path }: Place): Promise<number> {
  try {
    return (await root.stat(path.replace(/\/?[^/]*$/, ""))).mtimeMs;
  } catch {
    return 0;
  }
}
