import type { BigIntStats } from "node:fs";
import { errnoOf, refusal } from "../errors.ts";
import type { Anchor } from "../lookup/anchor.ts";
import { find, locate } from "../lookup/resolve.ts";
import type { Kind, Stat } from "../types/entry.ts";

export function kindOf(entry: Pick<BigIntStats, "isFile" | "isDirectory" | "isSymbolicLink">): Kind {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "directory";
  return entry.isSymbolicLink() ? "symlink" : "other";
}

export const statOf = (stat: BigIntStats): Stat => ({
  kind: kindOf(stat),
  size: Number(stat.size),
  mtimeMs: Number(stat.mtimeNs) / 1e6,
  birthtimeMs: Number(stat.birthtimeNs) / 1e6,
  mode: Number(stat.mode & 0o7777n),
  dev: stat.dev,
  ino: stat.ino,
  nlink: Number(stat.nlink),
});

/** Describes the entry itself; a link is not followed, but `target` says what kind of entry it leads to. */
export async function stat(anchor: Anchor, relative: string): Promise<Stat> {
  const place = await locate(anchor, relative, false, "read");
  place.close();
  place.directory.confirm();
  if (!place.pin) throw refusal("not_found");
  const described = statOf(place.pin.stat);
  if (described.kind !== "symlink" || anchor.followLinks === "never") return described;
  return { ...described, target: await targetOf(anchor, relative) };
}

async function targetOf(anchor: Anchor, relative: string): Promise<Required<Stat>["target"]> {
  try {
    const pin = await find(anchor, relative);
    pin.close();
    const kind = kindOf(pin.stat);
    return kind === "symlink" ? "missing" : kind;
  } catch (error) {
    // A denied target is reported like one outside, whether or not it exists.
    return errnoOf(error) === "outside" || errnoOf(error) === "denied" ? "outside" : "missing";
  }
}
