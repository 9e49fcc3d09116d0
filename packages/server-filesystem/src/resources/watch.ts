import { setTimeout as delay } from "node:timers/promises";
import type { Stat } from "@org/beneath";
import { lookEverySecond, type Release } from "@org/server-kit";
import type { Place, Sandbox } from "../sandbox/types.ts";
import { pathOf } from "../sandbox/uri.ts";
import { watchDirectory } from "./watch-directory.ts";

/** Milliseconds between two tellings of one file: a long write is many changes. */
const QUIET = 100;
/** Milliseconds by which a file's time may lag behind the clock. */
const CLOCK_STEP = 20;

/**
 * Calls `changed` when anybody has changed, made, replaced or removed the file, or put something into the directory or
 * taken it out. A path that may not be seen is one where nothing is.
 */
export function watchFile(uri: string, sandbox: Sandbox, changed: () => void): Release {
  const path = pathOf(uri);
  return path === undefined ? () => undefined : follow(path, sandbox, changed);
}

/** What is at a path at one time. */
interface State {
  readonly place: Place | undefined;
  readonly isDirectory: boolean;
  /** Differs when the file does; empty when there is none. */
  readonly text: string;
  /** When it was changed last; of a file that is missing, when its directory was. */
  readonly changedMs: number;
}

function follow(path: string, sandbox: Sandbox, changed: () => void): Release {
  let known: State | undefined;
  let lookedAt = Date.now();
  let isStopped = false;
  let isBusy = false;
  let wanted: "nothing" | "look" | "certain" = "nothing";
  let watched: { readonly key: string; readonly place: Place; readonly release: Release } | undefined;

  /** Whether there is something to tell. */
  const look = async (isCertain: boolean): Promise<boolean> => {
    const [before, since] = [known, lookedAt];
    const now = Date.now();
    const state = await stateAt(path, sandbox);
    [known, lookedAt] = [state, now];
    if (isStopped) return false;
    watch(state);
    // A change before the first look, or in the same tick as the one before, shows in the file's time alone.
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
  // For what no watch tells: behind a link, on a network drive, after new roots.
  const leave = lookEverySecond(() => notice(false));
  return () => {
    isStopped = true;
    leave();
    watched?.release();
  };
}

/** Whether news of `told`, undefined for all, may be news of `path`: of itself, what is in it, or what it is in. */
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
