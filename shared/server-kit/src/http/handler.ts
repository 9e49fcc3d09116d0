import { createMcpHandler } from "@modelcontextprotocol/server";
import { toProtocolError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Running } from "../server.ts";
import { listenedUris } from "../subscriptions.ts";
import { MAX_BODY } from "./guard.ts";

/** The 2025 and 2026 protocols over web-standard requests; `close` ends the open subscription streams. */
export function createHandler({ factory, subscriptions }: Running, log: Log) {
  const handler = createMcpHandler(factory, {
    maxRequestBodySize: MAX_BODY,
    onerror: (error) => log.warn("protocol", { error: error.message.slice(0, 200) }),
  });
  const stop = subscriptions?.onChange((uri) => handler.notify.resourceUpdated(uri));
  return {
    /** @param message the request's body, if it has been read already */
    async fetch(request: Request, message?: unknown): Promise<Response> {
      const parsedBody = message ?? (await request.json().catch(() => undefined));
      const options = parsedBody === undefined ? {} : { parsedBody };
      if (!subscriptions || !isListen(request.headers.get("mcp-method"))) return handler.fetch(request, options);
      try {
        const release = subscriptions.subscribe(listenedUris(parsedBody));
        request.signal.addEventListener("abort", release, { once: true });
        const response = await handler.fetch(request, options);
        if (response.headers.get("content-type") !== "text/event-stream" || request.signal.aborted) release();
        return response;
      } catch (failure) {
        const { code, message, data } = toProtocolError(failure, log);
        const id = typeof parsedBody === "object" && parsedBody !== null && "id" in parsedBody ? parsedBody.id : null;
        return Response.json({ jsonrpc: "2.0", id, error: { code, message, data } }, { status: 400 });
      }
    },
    async close() {
      stop?.();
      await handler.close();
    },
  };
}

export const isListen = (method: unknown) => method === "subscriptions/listen";
