import { type Body, defineResource, lookEverySecond, type Page, type Release, ToolError } from "@org/server-kit";
import type { Notes } from "../context.ts";
import { cursorAfter } from "../index/query/paging.ts";
import { LARGEST_NOTE } from "../limits.ts";
import { decode } from "../markdown/text.ts";
import { isListed, visibleName } from "../note-path.ts";
import { onFiles } from "../vault/errors.ts";
import { kindAt } from "../vault/notes.ts";
import { safePath } from "../vault/resolve.ts";
import type { Vault } from "../vault/vault.ts";
import { isText, mimeTypeOf } from "./mime.ts";
import { pathOf, uriOf } from "./uri.ts";

const PAGE = 500;
const COMPLETIONS = 100;
/** In bytes: base64 adds a third, and hosts refuse messages over 10 MB. */
const LARGEST_BLOB = 7_000_000;
/** Milliseconds by which a file's time may lag behind the clock. */
const CLOCK_STEP = 10;

export const noteResource = defineResource({
  name: "note",
  uri: "notes:///{+path}",
  title: "A note or an attachment",
  description: "A note's Markdown, or an attachment: pictures and other media as bytes.",
  mimeType: "text/markdown",
  complete: { path: (typed, { vault }: Notes) => completions(vault, typed) },
  list: (cursor, { vault }: Notes) => listPage(vault, cursor),
  async read({ path }, { vault }: Notes, { signal }): Promise<Body | undefined> {
    const safe = listedPath(vault, path);
    const mimeType = safe === undefined ? undefined : mimeTypeOf(safe);
    if (safe === undefined || mimeType === undefined || !(await isFile(vault, safe))) return undefined;
    const maxBytes = isText(mimeType) ? LARGEST_NOTE : LARGEST_BLOB;
    const { bytes } = await onFiles(safe, () => vault.root.read(safe, { maxBytes, signal }));
    const decoded = isText(mimeType) ? decode(bytes) : undefined;
    return decoded ? { text: decoded.text, mimeType } : { blob: bytes.toString("base64"), mimeType };
  },
});

/** A path that may not be shown is treated as missing. */
function listedPath(vault: Vault, path: string): string | undefined {
  try {
    const safe = safePath(vault, path, "path");
    return isListed(safe) ? safe : undefined;
  } catch (error) {
    if (error instanceof ToolError) return undefined;
    throw error;
  }
}

async function isFile(vault: Vault, path: string): Promise<boolean> {
  try {
    return (await kindAt(vault, path)) === "file";
  } catch (error) {
    // Behind a link, for example; to this server, nothing is there.
    if (error instanceof ToolError && error.code === "access_denied") return false;
    throw error;
  }
}

async function listPage({ index }: Vault, cursor: string | undefined): Promise<Page> {
  const page = await index.call("files", { limit: PAGE, cursor });
  const items = page.items.flatMap(({ path, title }) => {
    const mimeType = mimeTypeOf(path);
    return mimeType === undefined ? [] : [{ uri: uriOf(path), name: visibleName(title ?? path), mimeType }];
  });
  const next = cursorAfter(page);
  return { items, ...(next !== undefined && { next }) };
}

async function completions({ index }: Vault, prefix: string): Promise<readonly string[]> {
  const page = await index.call("files", { prefix, limit: COMPLETIONS });
  return page.items.map(({ path }) => path).filter((path) => mimeTypeOf(path) !== undefined);
}

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
