import { defineTool, WRITES } from "@org/server-kit";
import * as z from "zod";
import { destinationFor, destinationInput, onFree } from "../common/destination.ts";
import { visible } from "../common/entries.ts";
import { pathInput } from "../common/fields.ts";
import type { Files } from "../context.ts";
import { onFiles } from "../sandbox/errors.ts";
import { requireDirectory } from "../sandbox/trailing-slash.ts";

export const copyFile = defineTool({
  name: "copy_file",
  title: "Copy a file or directory",
  description:
    "Copies a file, or a directory with everything in it, to a new path, where it appears whole. Never overwrites. " +
    "Links in a directory are copied as links.",
  annotations: WRITES,
  input: z.strictObject({ source: pathInput, destination: destinationInput }),
  output: z.object({ source: z.string(), destination: z.string().describe("Where the copy is.") }),
  async run({ source, destination }, { sandbox }: Files, { signal }) {
    const from = sandbox.at(source);
    await requireDirectory(from);
    const to = await destinationFor(from, destination, sandbox, { isMove: false });
    const options = { into: to.root, signal };
    await onFree(from, to, () => onFiles([from, to], () => from.root.copy(from.path, to.path, options)));
    return { source, destination: to.given };
  },
  render: ({ source, destination }) => `Copied ${visible(source)} to ${visible(destination)}`,
});
