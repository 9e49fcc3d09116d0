import { spawnGit, stopGroup } from "./process.ts";

/** How long an idle git is kept. */
const IDLE_MS = 20_000;
/** Repositories that may have one at the same time. */
const MOST = 4;

export interface FoundObject {
  readonly id: string;
  readonly type: string;
}

/** The repository in which names are looked up. */
export interface LookupPlace {
  readonly gitDirectory: string;
  readonly cwd: string;
  /** The hardened environment. */
  env(): Readonly<Record<string, string>>;
  /** Changes with anything that git reads only at its start; a different version starts a new git. */
  readonly version: string;
}

export interface Lookups {
  /**
   * The object that a one-line name such as `HEAD~50^{commit}` means; undefined if only another command can tell what
   * is wrong.
   */
  find(place: LookupPlace, name: string, signal: AbortSignal): Promise<FoundObject | undefined>;
  close(): void;
}

/**
 * One git per repository looks up the names of objects, and stays while there are questions: an answer takes 0.1 ms,
 * and starting git takes 4. It reads branches and objects anew for each question, but configuration, alternates and the
 * boundary of a shallow clone only once. It runs no program, and reads its questions from stdin, where nothing can be
 * an option.
 */
export function createLookups(): Lookups {
  const kept = new Map<string, { readonly version: string; readonly lookup: Lookup }>();
  const drop = (key: string) => {
    kept.get(key)?.lookup.end();
    kept.delete(key);
  };
  const lookupFor = ({ gitDirectory, cwd, env, version }: LookupPlace): Lookup => {
    const before = kept.get(gitDirectory);
    if (before?.version === version && !before.lookup.hasEnded()) return before.lookup;
    drop(gitDirectory);
    const lookup = startLookup(cwd, env());
    kept.set(gitDirectory, { version, lookup });
    const [oldest] = kept.keys();
    if (kept.size > MOST && oldest !== undefined) drop(oldest);
    return lookup;
  };
  return {
    find(place, name, signal) {
      signal.throwIfAborted();
      return lookupFor(place).find(name, signal);
    },
    close: () => [...kept.keys()].forEach(drop),
  };
}

interface Lookup {
  find(name: string, signal: AbortSignal): Promise<FoundObject | undefined>;
  /** Lets git exit after the questions it already has. */
  end(): void;
  hasEnded(): boolean;
}

const FOUND = /^([0-9a-f]{40,64}) (commit|tree|blob|tag)$/;

function startLookup(cwd: string, env: Readonly<Record<string, string>>): Lookup {
  const child = spawnGit({ args: ["cat-file", "--batch-check=%(objectname) %(objecttype)"], cwd, env }, true);
  const waiting: ((found: FoundObject | undefined) => void)[] = [];
  let hasEnded = false;
  const end = () => {
    hasEnded = true;
    child.stdin?.end();
  };
  const idle = setTimeout(end, IDLE_MS).unref();
  const gone = () => {
    hasEnded = true;
    clearTimeout(idle);
    for (const answer of waiting.splice(0)) answer(undefined);
  };
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (piece: string) => {
    const lines = (text + piece).split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) {
      const [, id, type] = FOUND.exec(line) ?? [];
      waiting.shift()?.(id === undefined || type === undefined ? undefined : { id, type });
    }
  });
  child.stderr.resume();
  child.stdin?.on("error", () => {});
  child.on("error", gone);
  child.on("close", gone);
  return {
    find: (name, signal) =>
      new Promise((resolve) => {
        // This also ends the other pending lookups; their callers ask again, each with a command of its own.
        const stop = () => stopGroup(child);
        signal.addEventListener("abort", stop, { once: true });
        waiting.push((found) => {
          signal.removeEventListener("abort", stop);
          resolve(found);
        });
        idle.refresh();
        child.stdin?.write(`${name}\n`);
      }),
    end,
    hasEnded: () => hasEnded,
  };
}
