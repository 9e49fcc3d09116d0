import { quote, ToolError } from "@org/server-kit";
import { etagOf } from "../../etag.ts";
import { fileLookup } from "../../markdown/resolve-link.ts";
import { type Move, mayRewrite, rewriteLinks } from "../../markdown/rewrite-links.ts";
import { encode } from "../../markdown/text.ts";
import { foldName, nameOf, stemOf } from "../../note-path.ts";
import { destinationOf } from "../destination.ts";
import { onFiles } from "../errors.ts";
import { isHalfMoved } from "../half-moved.ts";
import { listedFiles } from "../listed-files.ts";
import { changeFile, kindAt, makeFolderOf, settled } from "../notes.ts";
import { resolveNote } from "../resolve.ts";
import type { Vault } from "../vault.ts";
import { type BulkCall, eachNote, interrupted, notesHolding, problemOf, reporter } from "./each-note.ts";
import { type Journal, pendingJournals, removeJournal, writeJournal } from "./journal.ts";
import type { Failed } from "./rename-everywhere.ts";

export interface Moved {
  readonly from: string;
  readonly to: string;
  /** Notes whose links were rewritten, by their current paths. */
  readonly rewritten: readonly string[];
  /** Notes that could not be rewritten; the next move retries those that were only busy. */
  readonly failed: readonly Failed[];
  /** Whether the move had begun earlier, and was finished now or before. */
  readonly isResumed: boolean;
}

/**
 * Moves a note and rewrites the links of all notes so that each leads where it led before. A journal records the plan
 * first: after a crash at any point, or at the deadline, the next move finishes it. @param wanted a path; one that ends
 * with "/" keeps the note's name
 */
export async function moveNote(vault: Vault, note: string, wanted: string, call: BulkCall): Promise<Moved> {
  const resumed = await finishPending(vault, call);
  const from = await resolveNote(vault, note, call.signal).catch((error: unknown) => error);
  const isFound = typeof from === "string";
  const to = await destinationOf(vault, wanted, isFound ? from : note);
  if (!isFound || from === to) {
    const finished = resumed.find((move) => move.to === to) ?? (await earlierMove(vault, note, to));
    if (finished) return finished;
    if (!isFound) throw from;
    throw new ToolError("invalid_input", `${quote(to, 200)} is the note's current path. Pass another path.`);
  }
  const { move, journal } = await plan(vault, from, to, call);
  await vault.exclusively(async () => {
    const kind = await kindAt(vault, to);
    if (kind !== undefined)
      throw new ToolError("already_exists", `${quote(to, 200)} already exists. Choose another path.`);
    await onFiles(to, () => makeFolderOf(vault, to));
    await writeJournal(vault, journal);
    try {
      await onFiles(from, () => vault.root.rename(from, to));
    } catch (error) {
      await removeJournal(vault, journal);
      throw error;
    }
  }, call.signal);
  return finish(vault, journal, move, { call, isResumed: false });
}

/** The same move, if a call whose answer was lost has completed it. */
async function earlierMove(vault: Vault, note: string, to: string): Promise<Moved | undefined> {
  const names = [note, `${note}.md`].map(foldName);
  const earlier = await vault.finished.find(
    ({ kind, from, ...work }) =>
      kind === "move" &&
      work.to === to &&
      [from, stemOf(from), to, stemOf(to)].map(foldName).some((name) => names.includes(name)),
  );
  if (!earlier || (await kindAt(vault, to)) !== "file") return undefined;
  return { from: earlier.from, to, rewritten: [], failed: [], isResumed: true };
}

async function plan(vault: Vault, from: string, to: string, call: BulkCall): Promise<{ move: Move; journal: Journal }> {
  const files = await listedFiles(vault, call.signal);
  const move = moveOver(files, from, to);
  const report = reporter(call, "looking for links");
  const notes: Journal["notes"] = [];
  let looked = 0;
  const names = [from, to].flatMap((path) => [nameOf(path), stemOf(path)].map(foldName));
  const holding = await notesHolding(vault, { names }, call);
  const paths = [...new Set([from, ...holding])];
  for await (const { path, note } of eachNote(vault, paths, call.signal)) {
    looked += 1;
    await report(looked, paths.length);
    if (!note || !mayRewrite(note.text, path, move)) continue;
    try {
      const { text, count } = rewriteLinks(note.text, path, move);
      if (count > 0) notes.push({ path, before: note.etag, after: etagOf(encode({ text, bom: note.bom })) });
    } catch {
      // It is tried again in its turn, and reported then.
      notes.push({ path, before: note.etag, after: note.etag });
    }
  }
  if (call.signal.aborted) {
    const advice = "Start the server with a larger --timeout if this happens again.";
    throw interrupted(call, `out of time after ${looked} of ${paths.length} notes. Nothing was moved. ${advice}`);
  }
  return { move, journal: { from, to, notes } };
}

const moveOver = (files: readonly string[], from: string, to: string): Move => {
  const others = files.filter((path) => path !== from && path !== to);
  return { from, to, before: fileLookup([...others, from]), after: fileLookup([...others, to]) };
};

/** The move itself is done: what is left when time runs out stays in the journal. */
async function finish(
  vault: Vault,
  journal: Journal,
  move: Move,
  { call, isResumed }: { readonly call: BulkCall; readonly isResumed: boolean },
): Promise<Moved> {
  const { from, to, notes } = journal;
  const report = reporter(call, "rewriting links");
  // A write that has begun is finished: the call may end only between two writes.
  const { signal: unending } = new AbortController();
  const rewritten: string[] = [];
  const failed: Failed[] = [];
  let isPending = false;
  for (const [at, { path, before, after }] of notes.entries()) {
    // At least one per call, so that repeating the call comes to an end.
    if (call.signal.aborted && at > 0) {
      await writeJournal(vault, { from, to, notes: notes.slice(at) });
      void vault.index.refresh([from, to, ...rewritten]);
      const done = `${quote(from, 200)} is at ${quote(to, 200)} now, and links are rewritten in ${at} of ${notes.length} notes`;
      throw interrupted(call, `out of time: ${done}.`);
    }
    const now = path === from ? to : path;
    const change = (note: { text: string; etag: string }) =>
      note.etag === after && before !== after ? note.text : rewriteLinks(note.text, path, move).text;
    try {
      const changed = await changeFile(vault, now, { change, signal: unending });
      if (changed.isChanged) rewritten.push(now);
    } catch (error) {
      // Deleted, or no longer writable: the others must not wait for it.
      failed.push({ path: now, reason: problemOf(error) });
      isPending ||= error instanceof ToolError && error.retryable;
    }
    await report(at + 1, notes.length);
  }
  if (!isPending) await removeJournal(vault, journal);
  await vault.finished.add({ kind: "move", from, to });
  await settled(vault, [from, to, ...rewritten]);
  return { from, to, rewritten, failed, isResumed };
}

async function finishPending(vault: Vault, call: BulkCall): Promise<Moved[]> {
  // Decided while nobody moves notes: a journal is written just before its note is moved.
  const begun = await vault.exclusively(() => begunMoves(vault), call.signal);
  const finished: Moved[] = [];
  for (const journal of begun) {
    const move = moveOver(await listedFiles(vault, call.signal), journal.from, journal.to);
    finished.push(await finish(vault, journal, move, { call, isResumed: true }));
  }
  return finished;
}

async function begunMoves(vault: Vault): Promise<Journal[]> {
  const begun: Journal[] = [];
  for (const journal of await pendingJournals(vault)) {
    // The crash came between adding the new name and removing the old one.
    if (await isHalfMoved(vault, journal.from, journal.to)) {
      await onFiles(journal.from, () => vault.root.remove(journal.from));
    }
    const [old, fresh] = [await kindAt(vault, journal.from), await kindAt(vault, journal.to)];
    if (old === undefined && fresh === "file") begun.push(journal);
    // It never began, or a new note has taken the old path, and with it the links.
    else await removeJournal(vault, journal);
  }
  return begun;
}
