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

/** Looser than the SDK's own, which refuses all roots for one that is no file URI. */
const Roots = z.object({ roots: z.array(z.object({ uri: z.string() })) });
/** How long a host may take to tell its roots, in milliseconds. */
const ROOTS_MS = 5000;

export function createHostRoots(take: TakeRoots, log: Log): HostRoots {
  let pending: Promise<void> | undefined;
  const ask = async (mcp: McpServer, before: Promise<void> | undefined) => {
    await before;
    try {
      const { roots } = await mcp.server.request({ method: "roots/list" }, Roots, { timeout: ROOTS_MS });
      await take(roots.map(({ uri }) => uri));
    } catch (error) {
      log.warn("the host did not tell its roots", { reason: String(error) });
    }
  };
  const askNext = (mcp: McpServer) => {
    const asked = ask(mcp, pending).finally(() => {
      if (pending === asked) pending = undefined;
    });
    pending = asked;
  };
  return {
    get pending() {
      return pending;
    },
    follow(mcp) {
      mcp.server.oninitialized = () => {
        if (mcp.server.getClientCapabilities()?.roots) askNext(mcp);
      };
      mcp.server.setNotificationHandler("notifications/roots/list_changed", () => askNext(mcp));
    },
  };
}
