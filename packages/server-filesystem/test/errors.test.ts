import { execFileSync } from "node:child_process";
import { symlinkSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { call, connect } from "@org/server-kit/testing";
import { describe, expect, test } from "vitest";
import { filesystemServer } from "../src/server.ts";
import { useServer } from "./use-server.ts";

// An error says what exists, and what to do next.
describe.skipIf(process.platform === "win32")("a path of the wrong kind", () => {
  const server = useServer({ files: { "a.txt": "a\n", "Docs/b.txt": "b\n", "per cent.txt": "c\n" } });
  const { at } = server.folder;
  symlinkSync("nowhere", at("dangling"));
  symlinkSync("circle", at("circle"));
  symlinkSync("Docs", at("link"));
  execFileSync("mkfifo", [at("fifo")]);

  const DIRECTORY = "is a directory. Use list_directory to see what is in it.";
  const OTHER = "is a FIFO, a device or a socket, which are never opened.";
  const NO_DIRECTORY = "is not a directory. Pass the one that it is in.";
  const NO_PARENT = "cannot be made: its directory does not exist.";

  test.each([
    ["read_text_file", { path: "Docs" }, `invalid_input: "Docs" ${DIRECTORY}`],
    ["read_text_file", { path: "link" }, `invalid_input: "link" ${DIRECTORY}`],
    ["read_text_file", { path: "" }, `invalid_input: "" ${DIRECTORY}`],
    ["write_file", { path: "Docs", content: "" }, `invalid_input: "Docs" ${DIRECTORY}`],
    ["get_file_info", { path: "Docs", hash: "md5" }, `invalid_input: "Docs" ${DIRECTORY}`],
    ["read_media_file", { path: "fifo" }, `invalid_input: "fifo" ${OTHER}`],
    ["copy_file", { source: "fifo", destination: "x" }, `invalid_input: "fifo" ${OTHER}`],
    ["list_directory", { path: "a.txt" }, `invalid_input: "a.txt" ${NO_DIRECTORY}`],
    ["directory_tree", { path: "a.txt" }, `invalid_input: "a.txt" ${NO_DIRECTORY}`],
    ["search_files", { path: "a.txt", pattern: "*" }, `invalid_input: "a.txt" ${NO_DIRECTORY}`],
    [
      "read_text_file",
      { path: "a.txt/x" },
      'invalid_input: "a.txt/x" passes through something that is not a directory.',
    ],
    ["read_text_file", { path: "dangling" }, 'not_found: "dangling" is a link that leads to nothing.'],
    [
      "write_file",
      { path: "dangling", content: "" },
      'access_denied: "dangling" is a link that leads nowhere or in a circle. Pass the path of the file that is meant.',
    ],
    [
      "read_text_file",
      { path: "circle" },
      'access_denied: "circle" is a link that leads nowhere or in a circle. Pass the path of the file that is meant.',
    ],
    ["write_file", { path: "no/x", content: "" }, `not_found: "no/x" ${NO_PARENT} Make it with create_directory.`],
    ["write_file", { path: "docs/x", content: "" }, `not_found: "docs/x" ${NO_PARENT} Did you mean "Docs/x"?`],
    [
      "move_file",
      { source: "a.txt", destination: "no/x" },
      `not_found: "no/x" ${NO_PARENT} Make it with create_directory.`,
    ],
    [
      "copy_file",
      { source: "a.txt", destination: "docs/x" },
      `not_found: "docs/x" ${NO_PARENT} Did you mean "Docs/x"?`,
    ],
    [
      "copy_file",
      { source: "no/x", destination: "x" },
      'not_found: "no/x" does not exist. Use list_directory to see what does.',
    ],
  ])("%s %j", async (name, args, expected) => {
    expect(await server.error(name, args)).toBe(expected);
  });

  test("a URI is not a path, and the error names the path", async () => {
    const uri = pathToFileURL(at("per cent.txt")).href;
    expect(await server.error("read_text_file", { path: uri })).toBe(
      `not_found: "${uri}" is a URI. Pass the path: "${at("per cent.txt")}".`,
    );
    expect(await server.error("read_text_file", { path: "file:///etc/passwd" })).toMatch(
      /^not_found: .* Pass the path: "\/etc\/passwd"\.$/,
    );
  });

  test("where links are not followed, the error for a link says so", async () => {
    await using connection = await connect(filesystemServer, {
      args: [server.folder.path, "--follow-symlinks", "never"],
    });
    const told = async (path: string) => (await call(connection.client, "list_directory", { path })).text;
    expect(await told("link")).toBe(
      'access_denied: "link" is a link, and this server follows none (--follow-symlinks never).',
    );
    expect(await told("link/x")).toMatch(/^access_denied: "link\/x" passes through a link that is not followed/);
  });
});
