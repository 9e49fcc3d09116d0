import { describe, expect, test } from "vitest";
import * as z from "zod";
import { defineServer, defineTool, READ_ONLY, ToolError } from "../../src/index.ts";
import { call, ERAS, silent, useServer } from "../../src/testing/index.ts";

const readFolder = defineTool({
  name: "read_folder",
  title: "Read",
  description: "Returns the folder, or fails with it.",
  annotations: READ_ONLY,
  input: z.strictObject({ fail: z.string().optional().describe("What to fail with.") }),
  run: ({ fail }, dir: string) => {
    if (fail !== undefined) throw new ToolError("not_found", fail === "dir" ? dir : fail);
    return [dir, "facts"];
  },
});

const server = defineServer({
  name: "server-folder",
  version: "1.0.0",
  title: "Folder",
  instructions: "For tests.",
  options: { dir: { type: "directory", positional: true, required: true, description: "Folder." } },
  open: ({ dir }) => dir,
  tools: [readFolder],
});

describe.each(ERAS)("a server of the %s era", (era) => {
  const { folder, client, ok, error } = useServer(server, { era, files: { "a.txt": "a" }, args: ({ path }) => [path] });

  test("works in the folder, and its answer has all blocks", async () => {
    expect(folder.list()).toEqual(["a.txt"]);
    expect(await ok("read_folder", {})).toMatchObject({
      isError: false,
      value: {},
      text: `${folder.path}\nfacts`,
      blocks: [folder.path, "facts"],
    });
    expect((await call(client(), "read_folder", { fail: "no" })).isError).toBe(true);
  });

  test("gives the text of an error", async () => {
    expect(await error("read_folder", { fail: "gone." })).toBe("not_found: gone.");
  });

  test("fails a test whose call went the other way, says too much, or names a folder", async () => {
    await expect(ok("read_folder", { fail: "gone." })).rejects.toThrow("gone.");
    await expect(error("read_folder", {})).rejects.toThrow();
    await expect(error("read_folder", { fail: "x".repeat(6000) })).rejects.toThrow();
    await expect(error("read_folder", { fail: "dir" })).rejects.toThrow(folder.path);
  });
});

test("the silent log takes everything and writes nothing", () => {
  silent.error("event", { field: 1 });
  silent.flush();
  expect(silent.enabled("error")).toBe(false);
});
