import path from "node:path";
import { quote, ToolError } from "@org/server-kit";
import * as z from "zod";
import { joined } from "../sandbox/joined.ts";
import type { Place } from "../sandbox/types.ts";

export const destinationInput = z
  .string()
  .describe("The new path in full, which must be free; its directory must exist.");

/** The second place of an operation, where something is to be made. */
export const asDestination = (place: Place): Place => ({ ...place, isNew: true });

/**
 * Runs what takes a free path. When a directory has it, most clients mean a path in there: they are told which.
 * @throws ToolError already_exists
 */
export async function onFree(from: Place, to: Place, operation: () => Promise<void>): Promise<void> {
  try {
    await operation();
  } catch (error) {
    if (!(error instanceof ToolError && error.code === "already_exists")) throw error;
    const taken = await to.root.stat(to.path).catch(() => undefined);
    if (taken?.kind !== "directory" && taken?.target !== "directory") throw error;
    const within = joined(to.given, path.basename(from.path) || "copy");
    throw new ToolError(
      "already_exists",
      `${quote(to.given, 200)} exists already, as a directory. To put it in there, pass ${quote(within, 300)}.`,
    );
  }
}
