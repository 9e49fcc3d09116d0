import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { CallToolResult, Client } from "@modelcontextprotocol/client";
import { connect, type Era } from "@org/server-kit/testing";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { filesystemServer } from "../src/server.ts";

export const isHeavy = process.env.HEAVY !== undefined;

/** A folder in this machine's temporary folder. */
export interface Folder {
  readonly path: string;
  at(name: string): string;
  /** Writes a file as another program would, with the folders above it. */
  write(name: string, text: string | Uint8Array): void;
  read(name: string): string;
  bytes(name: string): Buffer;
  /** The names of its entries, sorted. */
  list(): string[];
  remove(): void;
}

export function makeFolder(files: Readonly<Record<string, string | Uint8Array>> = {}, parent = tmpdir()): Folder {
  const root = realpathSync(mkdtempSync(path.join(parent, "files-")));
  const at = (name: string) => path.join(root, name);
  const write = (name: string, text: string | Uint8Array) => {
    mkdirSync(path.dirname(at(name)), { recursive: true });
    writeFileSync(at(name), text);
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  return {
    path: root,
    at,
    write,
    read: (name) => readFileSync(at(name), "utf8"),
    bytes: (name) => readFileSync(at(name)),
    list: () => readdirSync(root).sort(),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** The answer of a call. */
export interface Answer {
  readonly isError: boolean;
  /** Of a structured tool; `{}` of another. */
  readonly value: Readonly<Record<string, unknown>>;
  /** All text, the line of facts included. */
  readonly text: string;
  readonly blocks: readonly string[];
  readonly content: CallToolResult["content"];
}

type Arguments = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

export async function call(client: Client, name: string, args: Arguments): Promise<Answer> {
  const { isError, structuredContent, content } = await client.callTool({ name, arguments: args });
  const blocks = content.map((block) => (block.type === "text" ? block.text : ""));
  return {
    isError: isError ?? false,
    value: isRecord(structuredContent) ? structuredContent : {},
    text: blocks.join("\n"),
    blocks,
    content,
  };
}

export interface ServerOptions {
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly era?: Era;
  /** Further arguments, after the folder. */
  readonly args?: readonly string[];
}

/** A server on a folder of its own, and a client of it, for the tests of one file. */
export function useServer({ files = {}, era = "2026-07-28", args = [] }: ServerOptions = {}) {
  const folder = makeFolder(files);
  let connection: Awaited<ReturnType<typeof connect>>;
  beforeAll(async () => {
    connection = await connect(filesystemServer, { era, args: [folder.path, ...args] });
  });
  afterAll(async () => {
    await connection.close();
    folder.remove();
  });
  const answer = (name: string, given: Arguments) => call(connection.client, name, given);
  return {
    folder,
    client: () => connection.client,
    /** The answer of a call that must succeed. */
    async ok(name: string, given: Arguments): Promise<Answer> {
      const result = await answer(name, given);
      expect(result.isError, result.text).toBe(false);
      return result;
    },
    /** The text of a call that must fail. It names where the folder is only when the call did. */
    async error(name: string, given: Arguments): Promise<string> {
      const { isError, text } = await answer(name, given);
      expect(isError, text).toBe(true);
      if (!JSON.stringify(given).includes(folder.path)) expect(text).not.toContain(folder.path);
      expect(text.length).toBeLessThan(5000);
      return text;
    },
  };
}

/** What must happen at the end of a test, the last made first. */
export function useCleanup(): (work: () => unknown) => void {
  const works: (() => unknown)[] = [];
  afterEach(async () => {
    for (const work of works.splice(0).reverse()) await work();
  });
  return (work) => works.push(work);
}
