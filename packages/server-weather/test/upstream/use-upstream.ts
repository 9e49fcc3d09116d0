import { call, connect, type Era } from "@org/server-kit/testing";
import { afterAll, afterEach, beforeAll, expect, vi } from "vitest";
import { weatherServer } from "../../src/server.ts";
import { startUpstream, type Upstream } from "./upstream.ts";

interface Options {
  readonly era?: Era;
  readonly args?: readonly string[];
}

/** The rows of a list in an answer. */
export const rowsOf = (value: unknown): readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) ? value : [];

/**
 * A server whose internet is the stand-in, new for each test so that none remembers what another asked. What the stand-in
 * did not expect fails the test.
 */
export function useWeather({ era = "2026-07-28", args = [] }: Options = {}) {
  let upstream: Upstream;
  let connection: Awaited<ReturnType<typeof connect>> | undefined;
  beforeAll(async () => {
    upstream = await startUpstream();
  });
  afterEach(async () => {
    await connection?.close();
    connection = undefined;
    vi.useRealTimers();
    const unexpected = [...upstream.unexpected];
    upstream.reset();
    expect(unexpected).toEqual([]);
  });
  afterAll(() => upstream.close());
  const client = async (more: readonly string[] = [], env: Readonly<Record<string, string>> = {}) => {
    connection ??= await connect(weatherServer, {
      era,
      env: { ...upstream.env, ...env },
      args: ["--retry-wait", "1ms", ...args, ...more],
    });
    return connection.client;
  };
  return {
    upstream: () => upstream,
    client,
    /** The next call meets a server that remembers nothing. */
    async renew() {
      await connection?.close();
      connection = undefined;
    },
    /** The answer of a call that must succeed. */
    async ok(tool: string, given: Readonly<Record<string, unknown>>) {
      const answer = await call(await client(), tool, given);
      expect(answer.isError, answer.text).toBe(false);
      return answer;
    },
    /** The text of a call that must fail. */
    async error(tool: string, given: Readonly<Record<string, unknown>>): Promise<string> {
      const answer = await call(await client(), tool, given);
      expect(answer.isError, answer.text).toBe(true);
      return answer.text;
    },
    /** Sets the clock; time stands still, timers go on. */
    at(time: string) {
      vi.useFakeTimers({ toFake: ["Date"], now: Date.parse(time) });
    },
  };
}
