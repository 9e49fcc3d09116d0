import { defineTool, quote, REPLACES, ToolError } from "@org/server-kit";
import * as z from "zod";
import { destinationFor, destinationInput, onFree } from "../common/destination.ts";
import { visible } from "../common/entries.ts";
import { pathInput } from "../common/fields.ts";
import type { Files } from "../context.ts";
import { onFiles } from "../sandbox/errors.ts";
import { refuseKept } from "../sandbox/kept.ts";
import { requireDirectory } from "../sandbox/trailing-slash.ts";

export const moveFile = defineTool({
  name: "move_file",
  title: "Move or rename",
  description:
    "Moves or renames a file, link or directory, also to another allowed directory. Never overwrites. Use copy_file to " +
    "keep the original.",
  annotations: REPLACES,
  input: z.strictObject({ source: pathInput, destination: destinationInput }),
  output: z.object({ source: z.string(), destination: z.string().describe("Where it is now.") }),
  async run({ source, destination }, { sandbox }: Files, { signal }) {
    const from = sandbox.at(source);
    refuseKept(from, "moved");
    await requireDirectory(from);
    const to = await destinationFor(from, destination, sandbox, { isMove: true });
    if (from.root === to.root && to.path.startsWith(`${from.path}/`)) {
      throw new ToolError("invalid_input", `${quote(source, 200)} cannot be moved into itself.`);
    }
    const options = { into: to.root, signal };
    await onFree(from, to, () => onFiles([from, to], () => from.root.rename(from.path, to.path, options)));
    return { source, destination: to.given };
  },
  render: ({ source, destination }) => `Moved ${visible(source)} to ${visible(destination)}`,
});
