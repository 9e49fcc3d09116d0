import { connect } from "@org/server-kit/testing";
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from "vitest";
import { timeServer } from "../src/server.ts";

/** Friday, 20 November 2026, 13:00 UTC. */
export const NOW = new Date("2026-11-20T13:00:00Z");

/** A client of the server for the tests of a file, on a day that never passes. */
export function useServer() {
  let connection: Awaited<ReturnType<typeof connect>>;
  beforeAll(async () => {
    connection = await connect(timeServer);
  });
  afterAll(() => connection.close());
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["Date"], now: NOW });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const result = async (name: string, args: Record<string, unknown>) => {
    const { isError, structuredContent, content } = await connection.client.callTool({ name, arguments: args });
    const text = content.map((block) => (block.type === "text" ? block.text : "")).join("\n");
    return { isError: isError ?? false, value: structuredContent, text };
  };
  return {
    client: () => connection.client,
    /** The structured value of a call that must succeed, and its text. */
    async ok(name: string, args: Record<string, unknown>) {
      const { isError, value, text } = await result(name, args);
      expect(isError, text).toBe(false);
      return { value, text };
    },
    /** The text of a call that must fail; short, whatever was sent. */
    async error(name: string, args: Record<string, unknown>): Promise<string> {
      const { isError, text } = await result(name, args);
      expect(isError, text).toBe(true);
      expect(text.length).toBeLessThan(500);
      return text;
    },
  };
}
