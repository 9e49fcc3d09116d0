import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Client } from "@modelcontextprotocol/client";
import type { Log } from "@org/server-kit";
import { connect, type Era } from "@org/server-kit/testing";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { notesServer } from "../src/server.ts";

/** A folder of notes in this machine's temporary folder. */
export interface Folder {
  readonly path: string;
  /** Writes a file as another program would. */
  write(name: string, text: string | Uint8Array): void;
  read(name: string): string;
  bytes(name: string): Buffer;
  delete(name: string): void;
  remove(): void;
}

export function makeFolder(files: Readonly<Record<string, string>> = {}): Folder {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), "notes-")));
  const write = (name: string, text: string | Uint8Array) => {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  return {
    path: root,
    write,
    read: (name) => readFileSync(path.join(root, name), "utf8"),
    bytes: (name) => readFileSync(path.join(root, name)),
    delete: (name) => rmSync(path.join(root, name), { force: true }),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** The answer of a call. */
export interface Answer {
  readonly isError: boolean;
  /** Of a structured tool; `{}` of another. */
  readonly value: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** All text, the line of facts included. */
  readonly blocks: readonly string[];
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

export async function call(client: Client, name: string, args: Readonly<Record<string, unknown>>): Promise<Answer> {
  const { isError, structuredContent, content } = await client.callTool({ name, arguments: args });
  const blocks = content.map((block) => (block.type === "text" ? block.text : ""));
  return {
    isError: isError ?? false,
    value: isRecord(structuredContent) ? structuredContent : {},
    text: blocks.join("\n"),
    blocks,
  };
}

/** A server on a folder of its own with these files, and a client of it, for the tests of one file. */
export function useServer(files: Readonly<Record<string, string>> = {}, era: Era = "2026-07-28") {
  const folder = makeFolder(files);
  const index = makeFolder();
  let connection: Awaited<ReturnType<typeof connect>>;
  beforeAll(async () => {
    connection = await connect(notesServer, { era, args: [folder.path, "--index-dir", index.path] });
  });
  afterAll(async () => {
    await connection.close();
    folder.remove();
    index.remove();
  });
  const answer = (name: string, args: Readonly<Record<string, unknown>>) => call(connection.client, name, args);
  return {
    folder,
    client: () => connection.client,
    /** The answer of a call that must succeed. */
    async ok(name: string, args: Readonly<Record<string, unknown>>): Promise<Answer> {
      const result = await answer(name, args);
      expect(result.isError, result.text).toBe(false);
      return result;
    },
    /** The text of a call that must fail. It never names where the folder is. */
    async error(name: string, args: Readonly<Record<string, unknown>>): Promise<string> {
      const { isError, text } = await answer(name, args);
      expect(isError, text).toBe(true);
      expect(text).not.toContain(folder.path);
      expect(text).not.toContain(index.path);
      expect(text.length).toBeLessThan(5000);
      return text;
    },
  };
}

const nothing = () => undefined;
/** A log that nobody reads. */
export const silent: Log = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  flush: nothing,
  enabled: () => false,
};

export const isHeavy = process.env.HEAVY !== undefined;

/** What must happen at the end of a test, the last made first. */
export function useCleanup(): (work: () => unknown) => void {
  const works: (() => unknown)[] = [];
  afterEach(async () => {
    for (const work of works.splice(0).reverse()) await work();
  });
  return (work) => works.push(work);
}
