import { realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import type { CallToolResult, Client } from "@modelcontextprotocol/client";
import { afterAll, beforeAll, expect } from "vitest";
import { createLog, type Log } from "../log.ts";
import type { Server } from "../server.ts";
import { type Connection, type ConnectOptions, connect } from "./connect.ts";
import { type Files, type Folder, useFolder } from "./folder.ts";

/** The arguments of a call. */
export type Arguments = Readonly<Record<string, unknown>>;

/** The answer to a call. */
export interface Answer {
  readonly isError: boolean;
  /** The structured value; `{}` for a text tool. */
  readonly value: Readonly<Record<string, unknown>>;
  /** The text of all blocks, one per line. */
  readonly text: string;
  /** The text of each block; empty for other kinds of blocks. */
  readonly blocks: readonly string[];
  readonly content: CallToolResult["content"];
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

/** Calls a tool. */
export async function call(client: Client, name: string, args: Arguments): Promise<Answer> {
  const { isError = false, structuredContent, content } = await client.callTool({ name, arguments: args });
  const blocks = content.map((block) => (block.type === "text" ? block.text : ""));
  const value = isRecord(structuredContent) ? structuredContent : {};
  return { isError, value, text: blocks.join("\n"), blocks, content };
}

export interface UseServerOptions extends Omit<ConnectOptions, "args"> {
  /** The files in the folder. */
  readonly files?: Files;
  /** The command line, or a function that makes it from the folder. */
  readonly args?: readonly string[] | ((folder: Folder) => readonly string[]);
}

/** Most characters of an error, whatever was sent: a longer one would hide its point. */
const LONGEST_ERROR = 5000;

/** A folder, a server and a client for the tests of one file or `describe`, removed after them. */
export function useServer(server: Server, { files, args = [], ...options }: UseServerOptions = {}) {
  const folder = useFolder(files);
  let connection: Connection;
  beforeAll(async () => {
    connection = await connect(server, { ...options, args: typeof args === "function" ? args(folder) : args });
  });
  afterAll(() => connection?.close());
  return {
    folder,
    client: () => connection.client,
    /** Returns the answer to a call that must succeed. */
    async ok(name: string, given: Arguments): Promise<Answer> {
      const answer = await call(connection.client, name, given);
      expect(answer.isError, answer.text).toBe(false);
      return answer;
    },
    /** The error text of a call that must fail: short, and without the test's folders unless the call named them. */
    async error(name: string, given: Arguments): Promise<string> {
      const { isError, text } = await call(connection.client, name, given);
      expect(isError, text).toBe(true);
      const place = realpathSync(tmpdir());
      if (!JSON.stringify(given).includes(place)) expect(text).not.toContain(place);
      expect(text.length).toBeLessThan(LONGEST_ERROR);
      return text;
    },
  };
}

/** A log that writes nothing. */
export const silent: Log = createLog("silent", "json");

/** Whether counts are large (`HEAVY=1`): hundreds of thousands of cases instead of thousands. */
export const isHeavy = process.env.HEAVY !== undefined;
