import { spawnGit, stopGroup } from "./process.ts";

/** How long a git without questions stays. */
const IDLE_MS = 20_000;
/** Repositories that have one at a time. */
const MOST = 4;

export interface FoundObject {
  readonly id: string;
  readonly type: string;
}

/** Where names are looked up. */
export interface LookupPlace {
  readonly gitDirectory: string;
  readonly cwd: string;
  /** The hardened environment. */
  env(): Readonly<Record<string, string>>;
  /** Tells versions of all that git reads once: with another one, another git is started. */
  readonly version: string;
}

export interface Lookups {
  /** What a name of one line means, `HEAD~50^{commit}`; undefined where only another command can say what is wrong. */
  find(place: LookupPlace, name: string, signal: AbortSignal): Promise<FoundObject | undefined>;
  close(): void;
}

/**
 * Names of objects are looked up by one git for each repository, which stays for as long as there are questions: an answer takes
 * 0.1 ms, and a start of git 4. It reads branches and objects anew for each, but once for all its configuration, the boundary
 * of a shallow clone and alternates. It runs no program and takes its questions from stdin, where none can be an option.
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
  /** Lets git end after the questions that it has. */
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
        // The others that wait are asked again, one by one.
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
