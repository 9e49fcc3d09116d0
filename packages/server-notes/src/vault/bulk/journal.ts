import { createHash } from "node:crypto";
import * as z from "zod";
import { isCode, onFiles, toToolError } from "../errors.ts";
import type { Vault } from "../vault.ts";

/** A move that has begun. It stays in the folder until the last link is rewritten, so that anyone can finish it. */
const Journal = z.object({
  from: z.string(),
  to: z.string(),
  /** Notes with links to rewrite: their path before the move, and their etags before and after. */
  notes: z.array(z.object({ path: z.string(), before: z.string(), after: z.string() })),
});
export type Journal = z.output<typeof Journal>;

/** Hidden, so that it contains no notes, and inside the notes folder, so that it moves with it. */
const FOLDER = ".server-notes";
const LARGEST = 64_000_000;

const pathOf = ({ from, to }: Journal) =>
  `${FOLDER}/move-${createHash("sha256").update(`${from}\0${to}`).digest("hex").slice(0, 24)}.json`;

export async function writeJournal({ root }: Vault, journal: Journal): Promise<void> {
  await onFiles("the journal of the move", async () => {
    await root.makeDirectory(FOLDER, { recursive: true });
    await root.write(pathOf(journal), JSON.stringify(journal));
  });
}

export async function removeJournal({ root }: Vault, journal: Journal): Promise<void> {
  for (const path of [pathOf(journal), FOLDER]) {
    try {
      await root.remove(path);
    } catch (error) {
      // Another server may have finished the same move, or have its own journal there.
      if (!isCode(error, "not_found", "not_empty")) throw toToolError(error, path);
    }
  }
}

/** Moves that a crash left unfinished, or that another server is working on. */
export async function pendingJournals({ root }: Vault): Promise<Journal[]> {
  const found: Journal[] = [];
  try {
    for await (const { name, kind } of root.list(FOLDER)) {
      if (kind !== "file") continue;
      const journal = await readJournal(root, `${FOLDER}/${name}`);
      if (journal && pathOf(journal) === `${FOLDER}/${name}`) found.push(journal);
    }
  } catch (error) {
    if (!isCode(error, "not_found")) throw toToolError(error, FOLDER);
  }
  return found;
}

async function readJournal(root: Vault["root"], path: string): Promise<Journal | undefined> {
  try {
    const { bytes } = await root.read(path, { maxBytes: LARGEST });
    const parsed = Journal.safeParse(JSON.parse(bytes.toString("utf8")));
    return parsed.success ? parsed.data : undefined;
  } catch {
    // Gone, or not ours: nothing can be finished with it.
    return undefined;
  }
}
