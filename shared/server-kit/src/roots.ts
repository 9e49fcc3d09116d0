import { setImmediate } from "node:timers/promises";
import type { McpServer } from "@modelcontextprotocol/server";
import * as z from "zod";
import type { Log } from "./log.ts";
import type { Awaitable } from "./tool.ts";

/** Receives the roots of a host, as `file:` URIs. */
export type TakeRoots = (uris: readonly string[]) => Awaitable<void>;

/** The roots of the host over stdio; a process has only one host. */
export interface HostRoots {
  /** Settles once the server knows the roots; undefined if it does already. */
  readonly pending: Promise<void> | undefined;
  follow(mcp: McpServer): void;
}

/** Looser than the SDK's schema, which refuses all roots when one of them is not a file URI. */
const Roots = z.object({ roots: z.array(z.object({ uri: z.string() })) });
/** Milliseconds that a host may take to list its roots, but never more than a call's timeout. */
const ROOTS_MS = 5000;

/** @param taking resolves once the state is open, to a function that receives the roots, or undefined to ignore them */
export function createHostRoots(taking: Promise<TakeRoots | undefined>, timeout: number, log: Log): HostRoots {
  const taker = taking.catch(() => undefined);
  let pending: Promise<void> | undefined;
  let isStale = false;
  const ask = async (mcp: McpServer) => {
    const take = await taker;
    // A burst of changes, and any that are announced meanwhile, lead to only one more request.
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
