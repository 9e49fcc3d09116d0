import { existsSync, mkdirSync, rmdirSync, statSync, symlinkSync } from "node:fs";
import { useCleanup } from "@org/server-kit/testing";
import { describe, expect, test } from "vitest";
import { useServer } from "../use-server.ts";

describe("create_directory", () => {
  const cleanup = useCleanup();
  const server = useServer({ files: { file: "x", "kept/inside.txt": "inside" } });
  const isDirectory = (name: string) => statSync(server.folder.at(name)).isDirectory();

  test("makes a directory with those above it", async () => {
    const { value, text } = await server.ok("create_directory", { path: "a/b/c" });
    expect(value).toEqual({ path: "a/b/c", created: true });
    expect(text).toBe("Created a/b/c");
    expect(isDirectory("a/b/c")).toBe(true);
    expect((await server.ok("create_directory", { path: server.folder.at("a/d") })).value).toMatchObject({
      created: true,
    });
  });

  test("leaves an existing directory unchanged, even behind a link", async () => {
    symlinkSync(server.folder.at("kept"), server.folder.at("link"));
    for (const path of ["kept", "kept/", "link", ".", server.folder.path]) {
      expect((await server.ok("create_directory", { path })).value).toEqual({ path, created: false });
    }
    expect(server.folder.read("kept/inside.txt")).toBe("inside");
  });

  test("tells when something else has the name", async () => {
    expect(await server.error("create_directory", { path: "file" })).toMatch(/^already_exists: "file"/);
    expect(await server.error("create_directory", { path: "file/below" })).toMatch(/^invalid_input: "file\/below"/);
    symlinkSync(server.folder.at("nowhere"), server.folder.at("dangling"));
    expect(await server.error("create_directory", { path: "dangling" })).toMatch(/^already_exists: "dangling"/);
    expect(existsSync(server.folder.at("nowhere"))).toBe(false);
  });

  test("many at once agree on who made it", async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => server.ok("create_directory", { path: "raced" })),
    );
    expect(answers.filter(({ value }) => value.created)).toHaveLength(1);
  });

  test("makes nothing outside", async () => {
    const sibling = `${server.folder.path}-sibling`;
    mkdirSync(sibling);
    cleanup(() => rmdirSync(sibling));
    symlinkSync(sibling, server.folder.at("out"));
    for (const path of ["../escaped", `${sibling}/new`, "out/new", "a/../../escaped"]) {
      expect(await server.error("create_directory", { path })).toMatch(/^access_denied: /);
    }
    expect(existsSync(`${sibling}/new`)).toBe(false);
  });
});
