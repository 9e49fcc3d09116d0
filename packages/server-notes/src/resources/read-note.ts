import { type Body, type Page, ToolError } from "@org/server-kit";
import { cursorAfter } from "../index/query/paging.ts";
import { LARGEST_NOTE } from "../limits.ts";
import { decode } from "../markdown/text.ts";
import { isListed, visibleName } from "../note-path.ts";
import { onFiles } from "../vault/errors.ts";
import { kindAt } from "../vault/notes.ts";
import { safePath } from "../vault/resolve.ts";
import type { Vault } from "../vault/vault.ts";
import { isText, mimeTypeOf } from "./mime.ts";
import { uriOf } from "./uri.ts";

const PAGE = 500;
const COMPLETIONS = 100;
/** In bytes: base64 adds a third, and hosts refuse messages over 10 MB. */
const LARGEST_BLOB = 7_000_000;

export async function readNote(path: string, vault: Vault, signal: AbortSignal): Promise<Body | undefined> {
  const safe = listedPath(vault, path);
  const mimeType = safe === undefined ? undefined : mimeTypeOf(safe);
  if (safe === undefined || mimeType === undefined || !(await isFile(vault, safe))) return undefined;
  const maxBytes = isText(mimeType) ? LARGEST_NOTE : LARGEST_BLOB;
  const { bytes } = await onFiles(safe, () => vault.root.read(safe, { maxBytes, signal }));
  const decoded = isText(mimeType) ? decode(bytes) : undefined;
  return decoded ? { text: decoded.text, mimeType } : { blob: bytes.toString("base64"), mimeType };
}

/** A path that may not be shown is treated as missing. */
export function listedPath(vault: Vault, path: string): string | undefined {
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

export async function listPage({ index }: Vault, cursor: string | undefined): Promise<Page> {
  const page = await index.call("files", { limit: PAGE, cursor });
  const items = page.items.flatMap(({ path, title }) => {
    const mimeType = mimeTypeOf(path);
    return mimeType === undefined ? [] : [{ uri: uriOf(path), name: visibleName(title ?? path), mimeType }];
  });
  const next = cursorAfter(page);
  return { items, ...(next !== undefined && { next }) };
}

export async function completions({ index }: Vault, prefix: string): Promise<readonly string[]> {
  const page = await index.call("files", { prefix, limit: COMPLETIONS });
  return page.items.map(({ path }) => path).filter((path) => mimeTypeOf(path) !== undefined);
}
