import type { BeneathCode, Stat } from "@org/beneath";
import { nearestTo, suggested } from "./near-path.ts";
import type { Place } from "./types.ts";
import { pathOf } from "./uri.ts";

const NO_PARENT = "is to be in a directory that does not exist.";

/**
 * What an error says of a place when a second look tells more than its code, and what to do then.
 * @returns undefined where the code says it all
 */
export async function wordsFor(code: BeneathCode, place: Place): Promise<string | undefined> {
  switch (code) {
    case "not_found":
      return notFound(place);
    case "not_a_file":
      return notAFile(await statOf(place));
    case "not_a_directory":
      return notADirectory(await statOf(place));
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
    // Whatever it was, it is told by the code.
    return undefined;
  }
}

async function notFound(place: Place): Promise<string | undefined> {
  // The resources have URIs, and the tools have paths.
  const path = pathOf(place.given);
  if (path !== undefined) return `is a URI. Pass the path: ${suggested(path)}.`;
  const meant = await nearestTo(place);
  const hint = meant === undefined ? undefined : `Did you mean ${suggested(meant)}?`;
  if (place.isNew) return `${NO_PARENT} ${hint ?? "Make it with create_directory."}`;
  if (hint !== undefined) return `does not exist. ${hint}`;
  return (await statOf(place))?.kind === "symlink" ? "is a link that leads to nothing." : undefined;
}

function notAFile(stat: Stat | undefined): string | undefined {
  const kind = stat?.target ?? stat?.kind;
  if (kind === "directory") return "is a directory. list_directory tells what is in it.";
  return kind === "other" ? "is a FIFO, a device or a socket, and those are never opened." : undefined;
}

function notADirectory(stat: Stat | undefined): string | undefined {
  if (stat === undefined) return "leads through something that is no directory.";
  return (stat.target ?? stat.kind) === "directory" ? undefined : "is no directory. Pass the one that it is in.";
}

function notFollowed(stat: Stat | undefined): string | undefined {
  if (stat?.kind !== "symlink") return undefined;
  if (stat.target === undefined) return "is a link, and this server follows none (--follow-symlinks never).";
  return stat.target === "missing"
    ? "is a link that leads to nothing, or in a circle. Pass the path of the file that is meant."
    : undefined;
}
