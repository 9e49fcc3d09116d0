export type Era = "2025-11-25" | "2026-07-28";
export const ERAS: readonly Era[] = ["2025-11-25", "2026-07-28"];

/** A request without its envelope. */
export interface Request {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

const CLIENT = { name: "bench", version: "1.0.0" };
/** The 2026 revision has no handshake: every request identifies its client. */
const META = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": CLIENT,
  "io.modelcontextprotocol/clientCapabilities": {},
};

export const INITIALIZE: Request = {
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: CLIENT },
};
export const DISCOVER: Request = { method: "server/discover", params: { _meta: META } };
export const INITIALIZED = { jsonrpc: "2.0", method: "notifications/initialized" };

/** What a host sends first. */
export const openingOf = (era: Era): Request => (era === "2026-07-28" ? DISCOVER : INITIALIZE);

export function requestOf(era: Era, method: string, params: object = {}): Request {
  return { method, params: era === "2026-07-28" ? { ...params, _meta: META } : { ...params } };
}

export interface Reply {
  readonly id: number;
  readonly result: Readonly<Record<string, unknown>>;
}

/**
 * The answer to a request.
 * @throws Error for a protocol error and for a failed call, which would otherwise look like a fast server
 */
export function parseReply(text: string): Reply {
  const { id, result }: { id?: unknown; result?: Record<string, unknown> } = JSON.parse(text);
  if (typeof id !== "number" || !result || result.isError) throw new Error(`not an answer: ${text.slice(0, 300)}`);
  return { id, result };
}
