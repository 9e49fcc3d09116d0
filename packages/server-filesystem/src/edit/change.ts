import type { OpenFile, Stat } from "@org/beneath";
import { quote, ToolError } from "@org/server-kit";
import { isCode, onFiles } from "../sandbox/errors.ts";
import type { Place } from "../sandbox/types.ts";
import { currentEtag, etagOfFile, etagOfStat, isOfStat } from "../text/etag.ts";
import { withWhole } from "../text/whole.ts";

/** The new bytes of a file, and what to report about them. */
export interface Changed<T> {
  /** Undefined when nothing needs to be written. */
  readonly bytes: Uint8Array | undefined;
  readonly facts: T;
}

interface ChangeOptions {
  readonly maxRead: number;
  /** The state that the change was made for. */
  readonly expectedEtag: string | undefined;
  readonly signal: AbortSignal;
}

const MOST_TRIES = 8;

/**
 * Changes a file in its current state: if somebody changes it meanwhile, the change is computed again, or refused if
 * the caller named the expected state.
 * @returns the new etag, and what the change reports
 * @throws ToolError conflict when the state is another one; too_large for a file over maxRead
 */
export const changeFile = <T>(place: Place, options: ChangeOptions, change: Change<T>) =>
  onFiles(place, () => changeBytes(place, options, change));

type Change<T> = (bytes: Buffer) => Promise<Changed<T>>;

/** The same, throwing the file system's own errors. */
export async function changeBytes<T>(
  place: Place,
  { maxRead, expectedEtag, signal }: ChangeOptions,
  change: Change<T>,
): Promise<{ readonly etag: string; readonly facts: T }> {
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    const done = await withWhole(place, maxRead, { signal }, async ({ bytes, stat }) => {
      if (expectedEtag !== undefined) checkEtag(expectedEtag, bytes, stat);
      const { bytes: fresh, facts } = await change(bytes);
      if (fresh === undefined) return { etag: etagOfFile(bytes, stat), facts };
      // A write that has begun is finished, so the signal is checked before it.
      signal.throwIfAborted();
      const written = await replace(place, bytes, fresh);
      return written && { etag: etagOfFile(fresh, written), facts };
    }).catch((error: unknown) => {
      throw isCode(error, "too_large") ? tooLarge(place, maxRead) : error;
    });
    if (done) return done;
  }
  throw new ToolError("unavailable", `${quote(place.given, 200)} keeps changing. Try again.`);
}

const tooLarge = ({ given }: Place, most: number) =>
  new ToolError(
    "too_large",
    `${quote(given, 200)} is larger than the ${most} bytes that can be changed (--max-read). write_file replaces a file of any ` +
      "size.",
  );

function checkEtag(expected: string, bytes: Buffer, stat: Stat): void {
  const current = isOfStat(expected) ? etagOfStat(stat) : etagOfFile(bytes, stat);
  if (current !== expected) throw stale();
}

const stale = () =>
  new ToolError(
    "conflict",
    "the file has changed since that etag was read. Nothing was written. Read it again, and pass the etag that comes " +
      "with it.",
  );

const CHANGED = new ToolError("conflict", "the file has changed.");

/** @returns undefined when the file's bytes are no longer the ones that were read */
async function replace({ root, path }: Place, before: Buffer, after: Uint8Array): Promise<Stat | undefined> {
  try {
    return await root.write(path, after, {
      mode: "replace",
      async inspect(file) {
        if (!file || file.stat.size !== before.length) throw CHANGED;
        if (!before.equals(await file.read(0, before.length))) throw CHANGED;
      },
    });
  } catch (error) {
    if (error === CHANGED || isCode(error, "busy")) return undefined;
    throw error;
  }
}

/** For a write that knows the state it replaces, but not the bytes. */
export const expecting = (etag: string) => async (file: OpenFile | undefined) => {
  if (!file) throw missing();
  const current = await currentEtag(file, etag);
  if (current !== etag) throw stale();
};

export const missing = () =>
  new ToolError(
    "conflict",
    "the file does not exist, so its etag cannot match. Nothing was written. Leave out expected_etag to create it.",
  );
