import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Log } from "@org/server-kit";
import * as z from "zod";

const Entry = z.object({ kind: z.enum(["move", "tag"]), from: z.string(), to: z.string(), at: z.number() });
/** A completed move, or a renaming that began: it is complete once no note has the tag. */
export type FinishedWork = z.output<typeof Entry>;

/**
 * Remembers completed work: a call whose answer was lost is repeated, perhaps to another process, and must learn that
 * everything is done, not that the note or tag is missing.
 */
export interface Finished {
  add(work: Omit<FinishedWork, "at">): Promise<void>;
  /** The latest that fits. */
  find(fits: (work: FinishedWork) => boolean): Promise<FinishedWork | undefined>;
}

const NAME = "finished.json";
const KEPT = 100;
const KEPT_MS = 86_400_000;

/** @param directory the vault's cache folder: only the wording of an answer depends on it */
export function openFinished(directory: () => string, log: Log): Finished {
  const file = () => path.join(directory(), NAME);

  async function entries(): Promise<FinishedWork[]> {
    try {
      const parsed = z.array(Entry).safeParse(JSON.parse(await readFile(file(), "utf8")));
      return (parsed.data ?? []).filter(({ at }) => Date.now() - at < KEPT_MS);
    } catch {
      return [];
    }
  }

  return {
    async add(work) {
      try {
        await mkdir(directory(), { recursive: true, mode: 0o700 });
        // A renaming over many calls is one entry.
        const others = (await entries()).filter(
          ({ kind, from, to }) => kind !== work.kind || from !== work.from || to !== work.to,
        );
        const kept = [...others, { ...work, at: Date.now() }].slice(-KEPT);
        const temporary = `${file()}.${randomBytes(6).toString("hex")}`;
        await writeFile(temporary, JSON.stringify(kept), { mode: 0o600 });
        await rename(temporary, file());
      } catch (error) {
        log.debug("finished work not noted", { reason: String(error) });
      }
    },
    find: async (fits) => (await entries()).findLast(fits),
  };
}
