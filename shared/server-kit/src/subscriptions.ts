import type { McpServer } from "@modelcontextprotocol/server";
import * as z from "zod";
import { ToolError } from "./errors.ts";

/** Ends a watch or a subscription. Calling it again does nothing. */
export type Release = () => void;

/** The subscriptions to resources, of all connections and both eras. */
export interface Subscriptions {
  /**
   * Watches `uris` until released. Several subscribers of one URI share one watch.
   * @throws ToolError `too_large` when the process would watch too many
   */
  subscribe(uris: readonly string[]): Release;
  /** Calls `listener` at every change of a watched resource. */
  onChange(listener: (uri: string) => void): Release;
}

/** URIs that a process watches at a time for all its clients. Each may take a descriptor and a poll every second. */
const MOST_WATCHED = 500;
/** Milliseconds from the end of one round of polls to the next. */
const LOOK_EVERY = 1000;

/** `watch` is called for the first subscriber of a URI, and the function it returns after the last one has gone. */
export function createSubscriptions(watch: (uri: string, changed: () => void) => Release): Subscriptions {
  const watched = new Map<string, { count: number; readonly stop: Release }>();
  const listeners = new Set<(uri: string) => void>();
  const changed = (uri: string) => listeners.forEach((listener) => void listener(uri));
  const acquire = (uri: string) => {
    const entry = watched.get(uri) ?? { count: 0, stop: watch(uri, () => changed(uri)) };
    entry.count += 1;
    watched.set(uri, entry);
  };
  const release = (uri: string) => {
    const entry = watched.get(uri);
    if (!entry || --entry.count > 0) return;
    watched.delete(uri);
    entry.stop();
  };
  return {
    subscribe(uris) {
      const wanted = new Set(uris);
      const added = [...wanted].filter((uri) => !watched.has(uri)).length;
      if (watched.size + added > MOST_WATCHED) {
        const advice = "Unsubscribe from some first, or subscribe to fewer.";
        throw new ToolError("too_large", `the process may watch ${MOST_WATCHED} resources at a time. ${advice}`);
      }
      const held = new Set<string>();
      const releaseAll = () => {
        for (const uri of held) release(uri);
        held.clear();
      };
      try {
        for (const uri of wanted) {
          acquire(uri);
          held.add(uri);
        }
      } catch (error) {
        releaseAll();
        throw error;
      }
      return releaseAll;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The subscriptions of one connection. */
export interface Updates {
  /** @throws ToolError `too_large` when the process would watch too many */
  subscribe(uri: string): void;
  unsubscribe(uri: string): void;
}

/** Notifies a connection of changes until it closes: in 2025 of its URIs, in 2026 of all, which the SDK filters. */
export function createUpdates(subscriptions: Subscriptions, server: McpServer["server"], era: string): Updates {
  const held = new Map<string, Release>();
  const stop = subscriptions.onChange((uri) => {
    if (era === "modern" || held.has(uri)) server.sendResourceUpdated({ uri }).catch(() => undefined);
  });
  server.onclose = () => {
    stop();
    for (const release of held.values()) release();
  };
  return {
    subscribe(uri) {
      if (!held.has(uri)) held.set(uri, subscriptions.subscribe([uri]));
    },
    unsubscribe(uri) {
      held.get(uri)?.();
      held.delete(uri);
    },
  };
}

const looks = new Set<() => unknown>();
let isLooking = false;

/**
 * Calls `look` about every second until released, for changes that no watch reports, as on a network drive. All polls
 * of a process share one timer and run one after another, so slow ones never pile up. `look` handles its own errors.
 */
export function lookEverySecond(look: () => unknown): Release {
  looks.add(look);
  if (!isLooking) lookLater();
  return () => looks.delete(look);
}

function lookLater(): void {
  isLooking = looks.size > 0;
  if (isLooking) setTimeout(lookAround, LOOK_EVERY).unref();
}

async function lookAround(): Promise<void> {
  for (const look of looks) await look();
  lookLater();
}

const notifications = z.object({ resourceSubscriptions: z.array(z.string()) });
const Listen = z.object({ method: z.literal("subscriptions/listen"), params: z.object({ notifications }) });

/** The URIs that a `subscriptions/listen` request (2026-07-28) asks for; none for any other message. */
export function listenedUris(message: unknown): readonly string[] {
  const { success, data } = Listen.safeParse(message);
  return success ? data.params.notifications.resourceSubscriptions : [];
}
