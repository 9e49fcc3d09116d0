import { statSync } from "node:fs";
import { call, connect, useCleanup } from "@org/server-kit/testing";
import { describe, expect, test } from "vitest";
import { filesystemServer } from "../../src/server.ts";

// Kernel files that can be opened, but whose first read fails.
const FAILING = `/proc/${process.pid}/mem`;

describe.skipIf(!statSync(FAILING, { throwIfNoEntry: false })?.isFile())("a file that cannot be read", () => {
  const cleanup = useCleanup();
  const search = async (path: string) => {
    const { client, close } = await connect(filesystemServer, { args: ["--ro", `/proc/${process.pid}`] });
    cleanup(close);
    return call(client, "search_content", { path, query: "Name:", include: ["/mem", "/status"] });
  };

  test("is counted, and the others are searched", async () => {
    const { text, isError } = await search(`/proc/${process.pid}`);
    expect(isError, text).toBe(false);
    expect(text).toContain("/status:1:Name:");
    expect(text).toContain("1 could not be read");
  });

  test("is reported when it is searched by itself", async () => {
    const { text, isError } = await search(FAILING);
    expect(isError, text).toBe(false);
    expect(text).toContain("1 could not be read");
  });
});
