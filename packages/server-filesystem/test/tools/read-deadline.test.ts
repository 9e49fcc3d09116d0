import { truncateSync } from "node:fs";
import { expect, test } from "vitest";
import { useServer } from "../use-server.ts";

const server = useServer({ files: { "huge.txt": "a\n", "small.txt": "b\n" }, args: ["--timeout", "300ms"] });

test("a scan of ten gigabytes ends at the deadline, in little memory, while others are answered", async ({ skip }) => {
  try {
    truncateSync(server.folder.at("huge.txt"), 10 * 2 ** 30);
  } catch {
    skip("no sparse files here");
  }
  const before = process.memoryUsage().arrayBuffers;
  const scan = server.error("read_text_file", { path: "huge.txt", offset: 1_000_000 });
  expect((await server.ok("read_text_file", { path: "small.txt" })).blocks[0]).toBe("b\n");
  expect(await scan).toMatch(/^timeout: /);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 << 20);
});
