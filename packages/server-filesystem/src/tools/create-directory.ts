import type { Stat } from "@org/beneath";
import { defineTool, WRITES } from "@org/server-kit";
import * as z from "zod";
import { visible } from "../common/entries.ts";
import { pathInput } from "../common/fields.ts";
import type { Files } from "../context.ts";
import { isCode, onFiles } from "../sandbox/errors.ts";
import { refuseTwin } from "../sandbox/look-alike.ts";

export const createDirectory = defineTool({
  name: "create_directory",
  title: "Create a directory",
  description: "Creates a directory and any missing parents. Succeeds if it already exists.",
  annotations: { ...WRITES, idempotentHint: true },
  input: z.strictObject({ path: pathInput }),
  output: z.object({
    path: z.string(),
    created: z.boolean().describe("False if it already existed."),
  }),
  async run({ path }, { sandbox }: Files, { signal }) {
    const place = sandbox.at(path);
    const { root } = place;
    await refuseTwin(place);
    const created = await onFiles(place, async () => {
      try {
        await root.makeDirectory(place.path);
        return true;
      } catch (error) {
        if (isCode(error, "exists") && isDirectory(await root.stat(place.path))) return false;
        if (!isCode(error, "not_found")) throw error;
        await root.makeDirectory(place.path, { recursive: true, signal });
        return true;
      }
    });
    return { path, created };
  },
  render: ({ path, created }) => (created ? `Created ${visible(path)}` : `${visible(path)} already exists`),
});

const isDirectory = ({ kind, target }: Stat) => kind === "directory" || target === "directory";
