import { BeneathError, type Stat } from "@org/beneath";
import { defineTool, REPLACES } from "@org/server-kit";
import * as z from "zod";
import { visible } from "../common/entries.ts";
import { pathInput } from "../common/fields.ts";
import type { Files } from "../context.ts";
import { onFiles } from "../sandbox/errors.ts";
import { refuseKept } from "../sandbox/kept.ts";
import { requireDirectory } from "../sandbox/trailing-slash.ts";
import { moveToTrash } from "../sandbox/trash.ts";
import type { Place } from "../sandbox/types.ts";

export const deleteFile = defineTool({
  name: "delete_file",
  title: "Delete a file or directory",
  description:
    "Deletes a file, an empty directory, or a link but not its target; with recursive, a directory and everything " +
    "in it. With --trash it moves to the trash, otherwise it is gone for good.",
  annotations: REPLACES,
  input: z.strictObject({
    path: pathInput,
    recursive: z.boolean().default(false).describe("Delete a directory with everything in it. Default false."),
  }),
  output: z.object({
    path: z.string(),
    type: z.enum(["file", "directory", "symlink", "other"]),
    trashed_to: z.string().optional().describe("Its path in the trash. Absent when it is gone for good."),
  }),
  async run({ path, recursive }, { sandbox }: Files, { signal }) {
    const place = sandbox.at(path);
    const { root } = place;
    refuseKept(place, "deleted");
    await requireDirectory(place);
    const { kind } = await onFiles(place, () => root.stat(place.path));
    const { trash } = sandbox;
    // A FIFO or a socket has no content to keep.
    if (!trash || kind === "other") {
      await onFiles(place, () => root.remove(place.path, { recursive, signal }));
      return { path, type: kind };
    }
    if (kind === "directory" && !recursive) await requireEmpty(place, signal);
    return { path, type: kind, trashed_to: await moveToTrash(place, trash, kind === "directory", signal) };
  },
  render: ({ path, type, trashed_to }) =>
    `Deleted the ${WORDS[type]} ${visible(path)}: ` +
    (trashed_to === undefined ? "gone for good" : `in the trash as ${visible(trashed_to)}`),
});

const WORDS: Readonly<Record<Stat["kind"], string>> = {
  file: "file",
  directory: "directory",
  symlink: "link",
  other: "special file",
};

/** Moving a full directory to the trash requires the same argument as deleting it for good. */
async function requireEmpty(place: Place, signal: AbortSignal): Promise<void> {
  await onFiles(place, async () => {
    for await (const _ of place.root.list(place.path, { signal })) {
      throw new BeneathError("not_empty", place.path);
    }
  });
}
