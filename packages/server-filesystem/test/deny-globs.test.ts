import { existsSync, symlinkSync } from "node:fs";
import { call, connect, ended, makeFolder, start, useCleanup } from "@org/server-kit/testing";
import { describe, expect, test } from "vitest";
import { filesystemServer } from "../src/server.ts";
import { useServer } from "./use-server.ts";

const cleanup = useCleanup();

describe("a glob that no path can match is refused: it would leave open what somebody believes to be denied", () => {
  test.each(["secrets/.", "sub/../secrets", "../secrets", ".", "./a/./b"])("%s", async (glob) => {
    const folder = makeFolder({ "secrets/key": "SECRET" });
    cleanup(folder.remove);
    await expect(connect(filesystemServer, { args: [folder.path, "--deny", glob] })).rejects.toThrow(/--deny/);
  });

  test.skipIf(!existsSync("dist/cli.js"))("in one sentence, with exit code 2", async () => {
    const child = start("dist/cli.js", [".", "--deny", "a/../b"]);
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    expect((await ended(child)).code).toBe(2);
    expect(stderr).toMatch(/^server-filesystem: --deny "a\/\.\.\/b": .*\.\n$/);
  });

  test("./ at its beginning is understood", async () => {
    const folder = makeFolder({ "secrets/key": "SECRET" });
    cleanup(folder.remove);
    const { client, close } = await connect(filesystemServer, { args: [folder.path, "--deny", "./secrets/key"] });
    cleanup(close);
    const { text } = await call(client, "read_text_file", { path: "secrets/key" });
    expect(text).toMatch(/^access_denied/);
  });
});

describe.skipIf(process.platform === "win32")("an absolute glob is meant whichever links it goes through", () => {
  test.each([
    ["link/secrets", "real"],
    ["link/secrets/key", "real"],
    ["link/s*", "real"],
    ["link/**/key", "real"],
    ["link/secrets", "link"],
    ["real/secrets", "link"],
    ["link/secrets", ""],
  ])("%s, with %j allowed", async (glob, allowed) => {
    const folder = makeFolder({ "real/secrets/key": "SECRET", "real/ok.txt": "ok" });
    cleanup(folder.remove);
    symlinkSync("real", folder.at("link"));
    const { client, close } = await connect(filesystemServer, {
      args: [folder.at(allowed), "--deny", folder.at(glob)],
    });
    cleanup(close);
    const read = async (name: string) => (await call(client, "read_text_file", { path: folder.at(name) })).text;
    expect(await read("real/secrets/key")).toMatch(/^access_denied/);
    const ok = allowed === "link" ? "link/ok.txt" : "real/ok.txt";
    expect(await read(ok)).toMatch(/^ok\n/);
  });
});

describe("with globs, a path of 65,000 names", () => {
  const { error } = useServer({ args: ["--deny", "a/**/b/**/x.pem", "--deny", "/q/w", "--deny", "*.pem"] });
  const path = "a/".repeat(65_000);

  // Each of these used to take minutes, in which nothing was answered and no deadline held.
  test.each([
    ["read_text_file", { path: `${path}x` }, "not_found"],
    ["read_text_file", { path: `${path}x.pem` }, "access_denied"],
    ["list_directory", { path }, "not_found"],
    ["write_file", { path: `${path}x`, content: "" }, "not_found"],
  ] as const)("%s", async (tool, args, code) => {
    expect(await error(tool, args)).toContain(code);
  });
});
