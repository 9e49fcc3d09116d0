import { expect, test } from "vitest";
import { fromVisibleName, visibleName } from "../../src/note-path.ts";
import { corpus, ODD_PATHS } from "../corpus.ts";
import { useServer } from "../use-server.ts";

const server = useServer(corpus());

test.each(Object.values(ODD_PATHS).map((path) => [visibleName(path), path]))(
  "%s is listed, searched and read, by either spelling",
  async (visible, path) => {
    const { value, text } = await server.ok("list_notes", { limit: 200 });
    expect(value.notes).toEqual(expect.arrayContaining([expect.objectContaining({ path: visible })]));
    expect(text).not.toMatch(/[\p{Co}\u200b\u00ad\u{e0000}-\u{e007f}]/u);
    const read = await server.ok("read_note", { note: visible });
    expect(read.blocks[0]).toBe(server.folder.read(path));
    expect((await server.ok("read_note", { note: path })).blocks).toEqual(read.blocks);
    expect(fromVisibleName(visible)).toBe(path);
  },
);

test("a folder is named by either spelling", async () => {
  server.folder.write("fol\u200bder/note.md", "zebra\n");
  for (const folder of ["fol\\u{200b}der", "fol\u200bder"]) {
    expect((await server.ok("search_notes", { query: "zebra", folder })).value).toMatchObject({ total: 1 });
  }
});
