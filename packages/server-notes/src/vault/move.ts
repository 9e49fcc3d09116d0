import { quote, ToolError } from "@org/server-kit";
import { etagOf } from "../etag.ts";
import { fileLookup } from "../markdown/resolve-link.ts";
import { type Move, rewriteLinks } from "../markdown/rewrite-links.ts";
import { encode } from "../markdown/text.ts";
import { isNotePath, nameOf } from "../note-path.ts";
import { newNotePath } from "./create.ts";
import { onFiles } from "./errors.ts";
import { isHalfMoved } from "./half-moved.ts";
import { type Journal, pendingJournals, removeJournal, writeJournal } from "./journal.ts";
import { changeNote, kindAt, makeFolderOf, readNote, settled } from "./notes.ts";
import { resolveNote } from "./resolve.ts";
import { listedFiles } from "./sweep.ts";
import type { Vault } from "./vault.ts";

export interface Moved {
  readonly from: string;
  readonly to: string;
  /** Notes whose links were rewritten, by their paths now. */
  readonly rewritten: readonly string[];
  /** Notes that could not be rewritten; the next move tries those again that were only busy. */
  readonly failed: readonly string[];
  /** The move had begun earlier, and was finished now. */
  readonly isResumed: boolean;
}

/**
 * Moves a note and rewrites the links of all notes so that each leads where it led before. A journal says what is to
 * be done before anything is done: after a crash at any point, the next move finishes it.
 * @param wanted a path; one that ends with "/" keeps the note's name
 */
export async function moveNote(vault: Vault, note: string, wanted: string, signal: AbortSignal): Promise<Moved> {
  const resumed = await finishPending(vault, signal);
  const from = await resolveNote(vault, note, signal).catch((error: unknown) => error);
  if (typeof from !== "string") {
    const to = destinationOf(vault, wanted, note);
    const finished = resumed.find((move) => move.to === to);
    if (finished) return finished;
    throw from;
  }
  const to = destinationOf(vault, wanted, from);
  if (to === from) throw new ToolError("invalid_input", `${quote(to, 200)} is where the note is.`);
  const { move, journal } = await plan(vault, from, to, signal);
  await vault.exclusively(async () => {
    const kind = await kindAt(vault, to);
    if (kind !== undefined)
      throw new ToolError("already_exists", `there is already ${quote(to, 200)}. Choose another path.`);
    await onFiles(to, () => makeFolderOf(vault, to));
    await writeJournal(vault, journal);
    try {
      await onFiles(from, () => vault.root.rename(from, to));
    } catch (error) {
      await removeJournal(vault, journal);
      throw error;
    }
  }, signal);
  return finish(vault, journal, move, false);
}

function destinationOf(vault: Vault, wanted: string, from: string): string {
  const whole = wanted.endsWith("/") ? wanted + nameOf(from) : wanted;
  return newNotePath(vault, isNotePath(whole) ? whole : `${whole}.md`, "to");
}

async function plan(
  vault: Vault,
  from: string,
  to: string,
  signal: AbortSignal,
): Promise<{ move: Move; journal: Journal }> {
  const files = await listedFiles(vault, signal);
  const move = moveOver(files, from, to);
  const notes: Journal["notes"] = [];
  for (const path of files) {
    if (!isNotePath(path)) continue;
    signal.throwIfAborted();
    const note = await readNote(vault, path, signal).catch(() => undefined);
    if (!note) continue;
    const { text, count } = rewriteLinks(note.text, path, move);
    if (count > 0) notes.push({ path, before: note.etag, after: etagOf(encode({ text, bom: note.bom })) });
  }
  return { move, journal: { from, to, notes } };
}

const moveOver = (files: readonly string[], from: string, to: string): Move => {
  const others = files.filter((path) => path !== from && path !== to);
  return { from, to, before: fileLookup([...others, from]), after: fileLookup([...others, to]) };
};

/** From here on the move has happened, and no signal ends it. */
async function finish(vault: Vault, journal: Journal, move: Move, isResumed: boolean): Promise<Moved> {
  const { from, to, notes } = journal;
  const unending = new AbortController().signal;
  const rewritten: string[] = [];
  const failed: string[] = [];
  let isPending = false;
  for (const { path, after } of notes) {
    const now = path === from ? to : path;
    const rewrite = (note: { text: string; etag: string }) =>
      note.etag === after ? note.text : rewriteLinks(note.text, path, move).text;
    try {
      const changed = await changeNote(vault, now, undefined, rewrite, unending);
      if (changed.isChanged) rewritten.push(now);
    } catch (error) {
      // Deleted meanwhile, or no longer writable: the others must not wait for it.
      vault.log.warn("a link was not rewritten", { path: now, cause: error instanceof Error ? error.message : "" });
      failed.push(now);
      isPending ||= error instanceof ToolError && error.retryable;
    }
  }
  if (!isPending) await removeJournal(vault, journal);
  await settled(vault, [from, to]);
  return { from, to, rewritten, failed, isResumed };
}

async function finishPending(vault: Vault, signal: AbortSignal): Promise<Moved[]> {
  // Decided while nobody moves: a journal is written in the moment before its note goes.
  const begun = await vault.exclusively(() => begunMoves(vault), signal);
  const finished: Moved[] = [];
  for (const journal of begun) {
    const move = moveOver(await listedFiles(vault, signal), journal.from, journal.to);
    finished.push(await finish(vault, journal, move, true));
  }
  return finished;
}

async function begunMoves(vault: Vault): Promise<Journal[]> {
  const begun: Journal[] = [];
  for (const journal of await pendingJournals(vault)) {
    // Its crash came between giving the new name and taking the old one.
    if (await isHalfMoved(vault, journal.from, journal.to)) {
      await onFiles(journal.from, () => vault.root.remove(journal.from));
    }
    const [old, fresh] = [await kindAt(vault, journal.from), await kindAt(vault, journal.to)];
    if (old === undefined && fresh === "file") begun.push(journal);
    // It never began, or a new note has taken the old place and with it the links.
    else await removeJournal(vault, journal);
  }
  return begun;
}
