import { type BeneathCode, BeneathError, type Stat } from "@org/beneath";
import { counted } from "@org/server-kit";
import { spelled } from "./look.ts";
import { nearTo, suggested } from "./near-path.ts";
import type { Place } from "./types.ts";
import { pathOf } from "./uri.ts";

const NO_PARENT = "cannot be made: its directory does not exist.";

/**
 * A more helpful message for a place, when a second look reveals more than the error code. @returns undefined when the
 * code says it all
 */
export async function wordsFor(code: BeneathCode, place: Place): Promise<string | undefined> {
  switch (code) {
    case "not_found":
      return notFound(place);
    case "not_a_file":
      return notAFile(await statOf(place));
    case "not_a_directory":
      return notADirectory(await statOf(place));
    case "not_empty":
      return notEmpty(place);
    case "is_a_link":
      return notFollowed(await statOf(place));
    default:
      return undefined;
  }
}

async function statOf({ root, path }: Place): Promise<Stat | undefined> {
  try {
    return await root.stat(path);
  } catch {
    // For any other error, the code says it all.
    return undefined;
  }
}

async function notFound(place: Place): Promise<string | undefined> {
  // Resources are named by URIs, tools by paths.
  const path = pathOf(place.given);
  if (path !== undefined) return `is a URI. Pass the path: ${suggested([path])}.`;
  const near = await nearTo(place);
  const hint = near.length === 0 ? undefined : `Did you mean ${suggested(near)}?${escapesIn(near)}`;
  if (place.isNew) return `${NO_PARENT} ${hint ?? "Make it with create_directory."}`;
  if (hint !== undefined) return `does not exist. ${hint}`;
  return (await statOf(place))?.kind === "symlink" ? "is a link that leads to nothing." : undefined;
}

/** Explains that `\u{202f}` stands for a single character. */
const escapesIn = (paths: readonly string[]): string => {
  const [mark] = /\\u\{[0-9a-f]+\}/.exec(suggested(paths)) ?? [];
  return mark === undefined ? "" : ` ${mark} stands for one character.`;
};

/** Names shown for a directory that is not empty, and most entries counted. */
const SHOWN = 5;
const COUNTED = 1000;

/** Says what would be lost before naming the argument that loses it. */
async function notEmpty({ root, path }: Place): Promise<string | undefined> {
  const names: string[] = [];
  try {
    for await (const { name, kind } of root.list(path)) {
      names.push(`"${spelled(name)}${kind === "directory" ? "/" : ""}"`);
      if (names.length > COUNTED) break;
    }
  } catch (error) {
    // A directory that cannot be listed is not described.
    if (!(error instanceof BeneathError)) throw error;
  }
  if (names.length === 0) return undefined;
  const count = names.length > COUNTED ? `more than ${COUNTED} entries` : counted(names.length, "entry", "entries");
  const shown = names.sort().slice(0, SHOWN).join(", ");
  const more = names.length > SHOWN ? ", …" : "";
  return `is not empty: it contains ${count}, ${shown}${more}. Pass recursive: true to delete all of it.`;
}

function notAFile(stat: Stat | undefined): string | undefined {
  const kind = stat?.target ?? stat?.kind;
  if (kind === "directory") return "is a directory. Use list_directory to see what is in it.";
  return kind === "other" ? "is a FIFO, a device or a socket, which are never opened." : undefined;
}

function notADirectory(stat: Stat | undefined): string | undefined {
  if (stat === undefined) return "passes through something that is not a directory.";
  return (stat.target ?? stat.kind) === "directory" ? undefined : "is not a directory. Pass the one that it is in.";
}

function notFollowed(stat: Stat | undefined): string | undefined {
  if (stat?.kind !== "symlink") return undefined;
  if (stat.target === undefined) return "is a link, and this server follows none (--follow-symlinks never).";
  return stat.target === "missing"
    ? "is a link that leads nowhere or in a circle. Pass the path of the file that is meant."
    : undefined;
}
