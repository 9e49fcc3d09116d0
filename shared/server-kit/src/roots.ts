import { setImmediate } from "node:timers/promises";
import type { McpServer } from "@modelcontextprotocol/server";
import * as z from "zod";
import type { Log } from "./log.ts";
import type { Awaitable } from "./tool.ts";

/** Gets the directories that a host has as its roots, as `file:` URIs. */
export type TakeRoots = (uris: readonly string[]) => Awaitable<void>;

/** The roots of the host at the other end of stdio: there is one for a process. */
export interface HostRoots {
  /** Settles once the server knows them; undefined when it does. */
  readonly pending: Promise<void> | undefined;
  follow(mcp: McpServer): void;
}

/** Looser than the SDK's own, which refuses all roots when one of them is not a file URI. */
const Roots = z.object({ roots: z.array(z.object({ uri: z.string() })) });
/** How long a host may take to name its roots, in milliseconds: never longer than a call may. */
const ROOTS_MS = 5000;

/** @param taking what takes them, once the server's state is open; undefined when they do not count */
export function createHostRoots(taking: Promise<TakeRoots | undefined>, timeout: number, log: Log): HostRoots {
  const taker = taking.catch(() => undefined);
  let pending: Promise<void> | undefined;
  let isStale = false;
  const ask = async (mcp: McpServer) => {
    const take = await taker;
    // However many changes a burst announces, and whatever is announced meanwhile, is one question.
    while (isStale && take) {
      await setImmediate();
      isStale = false;
      try {
        const options = { timeout: Math.min(timeout, ROOTS_MS) };
        const { roots } = await mcp.server.request({ method: "roots/list" }, Roots, options);
        await take(roots.map(({ uri }) => uri));
      } catch (error) {
        log.warn("the host did not name its roots", { reason: String(error) });
      }
    }
    pending = undefined;
  };
  const askSoon = (mcp: McpServer) => {
    isStale = true;
    pending ??= ask(mcp);
  };
  return {
    get pending() {
      return pending;
    },
    follow(mcp) {
      mcp.server.oninitialized = () => {
        if (mcp.server.getClientCapabilities()?.roots) askSoon(mcp);
      };
      mcp.server.setNotificationHandler("notifications/roots/list_changed", () => askSoon(mcp));
    },
  };
}
