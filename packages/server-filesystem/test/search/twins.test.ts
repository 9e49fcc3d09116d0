import { writeFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { useServer } from "../use-server.ts";

describe.skipIf(process.platform !== "linux")("names that are not UTF-8 and look alike", () => {
  const { folder, ok } = useServer({ files: { "a.txt": "", "z.txt": "" } });
  beforeAll(() => {
    const prefix = Buffer.from(`${folder.path}/`);
    for (let last = 0x80; last < 0xc0; last += 1) {
      for (const first of [0x81, 0x82, 0x83]) writeFileSync(Buffer.concat([prefix, Buffer.from([first, last])]), "");
    }
  });

  test("do not make the pages of a search go on forever", async () => {
    const found: unknown[] = [];
    let cursor: unknown;
    let pages = 0;
    do {
      const { value } = await ok("search_files", {
        path: ".",
        pattern: "*",
        limit: 1,
        ...(cursor !== undefined && { cursor }),
      });
      found.push(...(Array.isArray(value.matches) ? value.matches : []).map(({ path }) => path));
      ({ cursor } = value);
      pages += 1;
    } while (cursor !== undefined && pages < 10);
    expect(found).toEqual(["a.txt", "z.txt", "\uFFFD\uFFFD"]);
  });
});
