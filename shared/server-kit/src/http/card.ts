import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { SUPPORTED_PROTOCOL_VERSIONS } from "@modelcontextprotocol/server";
import { usageError } from "../command-line.ts";
import { quote } from "../errors.ts";
import { type Identity, infoOf } from "../identity.ts";

const SCHEMA = "https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json";
const PROTOCOLS = ["2026-07-28", ...SUPPORTED_PROTOCOL_VERSIONS];
/** The path in SEP-2127 for an endpoint at /mcp, and the one in its drafts. */
const PATHS = ["/mcp/server-card", "/.well-known/mcp/server-card.json"];
export const isCardPath = (path: string) => PATHS.includes(path);

const CORS = {
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "GET",
  "access-control-allow-headers": "content-type, if-none-match",
  "access-control-expose-headers": "etag",
};
const TOKEN = { description: "Token of this server.", isRequired: true, isSecret: true };
const AUTHORIZATION = { name: "Authorization", ...TOKEN, value: "Bearer {token}", variables: { token: TOKEN } };

/**
 * The server card of SEP-2127: who and where the server is, for a client that has not connected yet. It lists no tools,
 * because they depend on options; `tools/list` has them.
 * @param url the URL at which clients reach the endpoint; without it, there is no card
 * @throws ToolError for a URL that no client could use, or a package.json without what a card needs
 */
export function createCard(url: string | undefined, needsToken: boolean, identity: Identity) {
  if (url === undefined) return undefined;
  if (!/^https?:\/\/[^\s@?#{}]+$/.test(url) || !URL.canParse(url)) {
    throw usageError(`--public-url: ${quote(url)} is not an http address such as https://example.com/mcp.`);
  }
  const { mcpName, description, repository, icons } = identity.package ?? {};
  if (!mcpName || !description) throw usageError("--public-url needs mcpName and description in package.json.");
  const place = repository && { url: repository.url.replace(/^git\+|\.git$/g, ""), subfolder: repository.directory };
  const source = place && { ...place, source: new URL(place.url).hostname.replace(/\.\w+$/, "") };
  const remote = { type: "streamable-http", url, ...(needsToken && { headers: [AUTHORIZATION] }) };
  const about = { ...infoOf(identity), name: mcpName, description, repository: source, icons };
  const body = { $schema: SCHEMA, ...about, remotes: [{ ...remote, supportedProtocolVersions: PROTOCOLS }] };
  const etag = `"${createHash("sha256").update(JSON.stringify(body)).digest("base64url").slice(0, 22)}"`;
  const headers = { ...CORS, etag, "cache-control": "public, max-age=3600" };
  const answer = ({ method, headers: asked }: IncomingMessage) => {
    if (method === "OPTIONS") return { status: 204, reason: "preflight", body, headers };
    if (method !== "GET" && method !== "HEAD") return { status: 405, reason: "method", body: {}, headers };
    if (asked["if-none-match"] === etag) return { status: 304, reason: "card", body, headers };
    return {
      status: 200,
      reason: "card",
      body,
      headers: { ...headers, "content-type": "application/mcp-server-card+json" },
    };
  };
  return { host: new URL(url).host, answer };
}
