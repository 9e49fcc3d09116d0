import { BeneathError, type Root } from "@org/beneath";
import { quote, ToolError } from "@org/server-kit";
import { onFiles } from "./errors.ts";
import { lookOf, spelled } from "./look.ts";
import type { Place } from "./types.ts";

/** Most entries of a directory that are looked at. */
const LOOKED_AT = 10_000;

/**
 * Runs an operation that only reads. If the path does not exist, but exactly one existing path looks the same, that one
 * is read: a model cannot see that the blank in `9.41 AM` is U+202F.
 * @returns the operation's result, and the path that was read if it differs from the given one
 * @throws as onFiles
 */
export async function onReadable<T>(
  place: Place,
  operation: (place: Place) => Promise<T>,
): Promise<{ readonly value: T; readonly readAs: string | undefined }> {
  try {
    return { value: await onFiles(place, () => operation(place)), readAs: undefined };
  } catch (error) {
    if (!(error instanceof ToolError && error.code === "not_found")) throw error;
    const path = await lookAlikeOf(place);
    if (path === undefined) throw error;
    const other = { ...place, path };
    return { value: await onFiles(other, () => operation(other)), readAs: spelled(path) };
  }
}

/** The path that looks the same, name by name; undefined where there is none, or more than one. */
async function lookAlikeOf({ root, path }: Place): Promise<string | undefined> {
  let found = "";
  for (const name of path.split("/")) {
    const alike = await namesLike(root, found, name);
    const next = alike.includes(name) ? name : alike.length === 1 ? alike[0] : undefined;
    if (next === undefined) return undefined;
    found = found === "" ? next : `${found}/${next}`;
  }
  return found === path ? undefined : found;
}

async function namesLike(root: Root, directory: string, wanted: string): Promise<readonly string[]> {
  const look = lookOf(wanted);
  const found: string[] = [];
  let left = LOOKED_AT;
  try {
    for await (const { name, addressable } of root.list(directory)) {
      if (addressable && lookOf(name) === look) found.push(name);
      left -= 1;
      if (left === 0) break;
    }
  } catch (error) {
    if (!(error instanceof BeneathError)) throw error;
  }
  return found;
}

/**
 * Refuses a new name that would look exactly like an existing one: for example, with an accent as a separate character
 * in one of them. @param leaving the path, in the same root, that gives up its name @throws ToolError already_exists
 */
export async function refuseTwin({ root, path, given }: Place, leaving?: string): Promise<void> {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (name.normalize("NFC") === name.normalize("NFD")) return;
  const directory = path.slice(0, path.length - name.length);
  const alike = await namesLike(root, directory.slice(0, -1), name);
  const twin = alike.find((each) => each.normalize("NFC") === name.normalize("NFC") && directory + each !== leaving);
  if (twin === undefined || alike.includes(name)) return;
  throw new ToolError(
    "already_exists",
    `${quote(given, 200)} would look the same as "${spelled(twin)}", which exists. Pass that name, or choose another.`,
  );
}
