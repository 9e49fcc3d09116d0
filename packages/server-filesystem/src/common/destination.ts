import path from "node:path";
import { quote, ToolError } from "@org/server-kit";
import * as z from "zod";
import { isCode, onFiles } from "../sandbox/errors.ts";
import { joined } from "../sandbox/joined.ts";
import { refuseTwin } from "../sandbox/look-alike.ts";
import { meansDirectory } from "../sandbox/trailing-slash.ts";
import type { Place, Sandbox } from "../sandbox/types.ts";

export const destinationInput = z
  .string()
  .min(1)
  .describe("New full path, which must not exist yet; or a directory ending in /, to put it inside.");

/**
 * The destination of a copy or move: the given path or, when that ends in a slash, a path in the directory that it
 * names. @throws ToolError not_found when there is no such directory, already_exists for a name that looks like an
 * existing one
 */
export async function destinationFor(
  from: Place,
  given: string,
  sandbox: Sandbox,
  { isMove }: { readonly isMove: boolean },
): Promise<Place> {
  const place = sandbox.at(given);
  const to = meansDirectory(place) ? await within(place, from, sandbox) : place;
  await refuseTwin(to, isMove && from.root === to.root ? from.path : undefined);
  return { ...to, isNew: true };
}

async function within(place: Place, from: Place, sandbox: Sandbox): Promise<Place> {
  const stat = await onFiles(place, () =>
    place.root.stat(place.path).catch((error: unknown) => {
      if (isCode(error, "not_found")) return undefined;
      throw error;
    }),
  );
  if (stat?.kind === "directory" || stat?.target === "directory") return sandbox.at(joined(place.given, nameOf(from)));
  if (stat) throw new ToolError("invalid_input", `${quote(place.given, 200)} is not a directory.`);
  throw new ToolError(
    "not_found",
    `${quote(place.given, 200)} does not exist, and the / at its end means a directory. Make it with create_directory, ` +
      "or leave the / out to name the new path.",
  );
}

/** The name of an allowed directory is in its own path. */
const nameOf = ({ path: inside, root }: Place) => path.basename(inside === "" ? root.path : inside) || "copy";

/**
 * Runs an operation that needs a free path. When a directory has that path, most clients mean a path inside it: the
 * error suggests that path. @throws ToolError already_exists
 */
export async function onFree(from: Place, to: Place, operation: () => Promise<void>): Promise<void> {
  try {
    await operation();
  } catch (error) {
    if (!(error instanceof ToolError && error.code === "already_exists")) throw error;
    await onFiles(from, () => from.root.stat(from.path));
    const taken = await to.root.stat(to.path).catch(() => undefined);
    if (taken?.kind !== "directory" && taken?.target !== "directory") throw error;
    const inside = joined(to.given, nameOf(from));
    throw new ToolError(
      "already_exists",
      `${quote(to.given, 200)} already exists, as a directory. To put it inside, pass ${quote(inside, 300)}.`,
    );
  }
}
