import { existsSync } from "node:fs";
import path from "node:path";
import { call, makeFolder, spawn, useCleanup } from "@org/server-kit/testing";
import { describe, expect, test } from "vitest";

const BIN = "dist/cli.js";
const { XDG_CACHE_HOME = "" } = process.env;

describe.skipIf(!existsSync(BIN))("a host that closes", () => {
  const cleanup = useCleanup();

  test("right after an edit leaves nothing on stderr", async () => {
    for (let round = 0; round < 5; round += 1) {
      const notes = makeFolder({ "Note.md": "# Note\n", "Other.md": "[[Note]]\n" });
      cleanup(notes.remove);
      const server = await spawn(BIN, { args: [notes.path], env: { XDG_CACHE_HOME } });
      await call(server.client, "list_notes", {});
      const edits = Array.from({ length: 8 }, (_, at) =>
        call(server.client, "create_note", { title: `New ${at}`, content: "x" }),
      );
      await edits[0];
      await server.close();
      await Promise.allSettled(edits);
      expect(server.stderr(), path.basename(notes.path)).toBe("");
    }
  });
});
