import { type Arguments, useServer as use } from "@org/server-kit/testing";
import { afterEach, beforeEach, expect, vi } from "vitest";
import { timeServer } from "../src/server.ts";

/** Friday, 20 November 2026, 13:00 UTC. */
export const NOW = new Date("2026-11-20T13:00:00Z");

/** The server on a day that never ends, and a client of it. */
export function useServer() {
  const server = use(timeServer);
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["Date"], now: NOW });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  return {
    ...server,
    async error(name: string, args: Arguments): Promise<string> {
      const text = await server.error(name, args);
      expect(text.length).toBeLessThan(500);
      return text;
    },
  };
}
