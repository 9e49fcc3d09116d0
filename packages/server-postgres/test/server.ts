import { randomBytes } from "node:crypto";
import { type Connection, type ConnectOptions, call, connect } from "@org/server-kit/testing";
import { afterAll, beforeAll, expect } from "vitest";
import { postgresServer } from "../src/server.ts";

/** A server on a database, for the tests of one file or one `describe`. */
export function usePostgres(url: string | (() => string), { args = [], ...options }: ConnectOptions = {}) {
  let connection: Connection;
  // Each server gets its own variable, since it reads the URL when it first connects.
  const variable = `URL_${randomBytes(6).toString("hex")}`;
  beforeAll(async () => {
    process.env[variable] = typeof url === "string" ? url : url();
    connection = await connect(postgresServer, { ...options, args: ["--database", `main=${variable}`, ...args] });
  });
  afterAll(() => connection?.close());
  const ask = (tool: string, given: Readonly<Record<string, unknown>>) => call(connection.client, tool, given);
  return {
    client: () => connection.client,
    /** The answer of any call. */
    ask,
    /** The answer of a call that must succeed. */
    async ok(tool: string, given: Readonly<Record<string, unknown>> = {}) {
      const answer = await ask(tool, given);
      expect(answer.isError, answer.text).toBe(false);
      return answer;
    },
    /** The text of a call that must fail. */
    async error(tool: string, given: Readonly<Record<string, unknown>> = {}) {
      const { isError, text } = await ask(tool, given);
      expect(isError, text).toBe(true);
      return text;
    },
  };
}
