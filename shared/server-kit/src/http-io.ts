import type { IncomingMessage, ServerResponse } from "node:http";
import type { Answer } from "./http-guard.ts";

/** Writes the kit's own answer. A refused request's body is not read, so its connection ends. */
export function refuse(res: ServerResponse, { status, message, headers }: Answer): ServerResponse {
  const text = status < 400 ? message : JSON.stringify({ jsonrpc: "2.0", id: null, error: { code: -32600, message } });
  return sendJson(res, status, text, { ...(status >= 400 && { connection: "close" }), ...headers });
}

/** Leaves the end to the caller. */
export function sendJson(res: ServerResponse, status: number, text: string, headers = {}): ServerResponse {
  const length = { "content-type": "application/json", "content-length": Buffer.byteLength(text) };
  res.writeHead(status, { ...(status !== 204 && length), ...headers });
  res.write(text);
  return res;
}

/**
 * Calls `done` once: when the answer is written, or its socket gone. An answer that is queued behind another on its
 * connection has no socket yet, and never says that it is closed.
 */
export function onFinished(res: ServerResponse, done: () => void): void {
  const { socket } = res.req;
  const once = () => {
    res.off("finish", once).off("close", once);
    socket.off("close", once);
    done();
  };
  res.once("finish", once).once("close", once);
  socket.once("close", once);
}

/** A body as text, or what it is refused with while it is read; empty when its sender is gone. */
export function readBody(req: IncomingMessage, count: (bytes: number) => Answer | undefined): Promise<string | Answer> {
  const chunks: Buffer[] = [];
  return new Promise((resolve) => {
    req.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      const refusal = count(chunk.length);
      if (!refusal) return;
      chunks.length = 0;
      req.removeAllListeners("data");
      resolve(refusal);
    });
    req.once("end", () => resolve(Buffer.concat(chunks).toString())).once("close", () => resolve(""));
  });
}

/** Writes what the SDK answers, as soon as it is there, however slow the client: what waits is counted here. */
export async function deliver(
  res: ServerResponse,
  { signal }: Request,
  answer: Response,
  count: (bytes: number) => void,
) {
  // Whether the connection goes on is not the SDK's to say; its streams claim that each does.
  const headers = [...answer.headers].filter(([name]) => name !== "connection");
  res.writeHead(answer.status, Object.fromEntries(headers));
  const reader = answer.body?.getReader();
  signal.addEventListener("abort", () => void reader?.cancel().catch(() => undefined), { once: true });
  for (let part = await reader?.read(); part?.value && !signal.aborted; part = await reader?.read()) {
    const { byteLength } = part.value;
    count(byteLength);
    res.write(part.value, () => count(-byteLength));
  }
  if (!signal.aborted) res.end();
}
