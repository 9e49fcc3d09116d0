import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { request } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { parseOptions } from "../../src/command-line.ts";
import { ToolError } from "../../src/errors.ts";
import { createGuard } from "../../src/http/guard.ts";
import { ERAS, ended, listening, spawn, start } from "../../src/testing/index.ts";
import { everything } from "../fixtures/everything.ts";

const BIN = "dist/test/everything.mjs";
const URL_OF_ALL = "https://mcp.example.com/everything/mcp";
const CARD = {
  $schema: "https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json",
  name: "com.example/server-everything",
  version: everything.version,
  title: everything.title,
  description: "One of each, for the kit's own tests.",
  websiteUrl: "https://example.com/everything",
  repository: {
    url: "https://github.com/example/servers",
    source: "github",
    subfolder: "packages/server-everything",
  },
  icons: everything.package?.icons,
  remotes: [
    {
      type: "streamable-http",
      url: URL_OF_ALL,
      supportedProtocolVersions: expect.arrayContaining(["2026-07-28", "2025-11-25", "2025-06-18"]),
    },
  ],
};
const children: ChildProcess[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) {
    child.kill();
    await ended(child);
  }
});

async function serve(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<URL> {
  const child = start(BIN, ["--http", "127.0.0.1:0", ...args], env);
  children.push(child);
  return new URL(await listening(child));
}

describe("with --public-url", () => {
  test.each(["/mcp/server-card", "/.well-known/mcp/server-card.json"])("%s says who the server is", async (path) => {
    const response = await fetch(new URL(path, await serve(["--public-url", URL_OF_ALL])));
    expect(response.headers.get("content-type")).toBe("application/mcp-server-card+json");
    expect(await response.json()).toEqual(CARD);
  });

  test("pages of any site may read it, and a card that has not changed is not sent again", async () => {
    const url = new URL("/mcp/server-card", await serve(["--public-url", URL_OF_ALL]));
    const first = await fetch(url, { headers: { origin: "https://other.example" } });
    expect(first.headers.get("access-control-allow-origin")).toBe("*");
    expect(first.headers.get("cache-control")).toBe("public, max-age=3600");
    const again = await fetch(url, { headers: { "if-none-match": first.headers.get("etag") ?? "" } });
    expect([again.status, await again.text()]).toEqual([304, ""]);
    expect((await fetch(url, { method: "HEAD" })).status).toBe(200);
    expect((await fetch(url, { method: "OPTIONS" })).status).toBe(204);
    expect((await fetch(url, { method: "POST", body: "{}" })).status).toBe(405);
  });

  test("a token guards the calls and not the card, which says that one is needed and not which", async () => {
    const url = await serve(["--public-url", URL_OF_ALL], { MCP_HTTP_TOKEN: "hunter2" });
    const response = await fetch(new URL("/mcp/server-card", url));
    const text = await response.text();
    expect(JSON.parse(text).remotes[0].headers).toMatchObject([
      { name: "Authorization", value: "Bearer {token}", isRequired: true, isSecret: true },
    ]);
    expect(text).not.toContain("hunter2");
    expect((await fetch(url, { method: "POST" })).status).toBe(401);
  });

  test("its host name needs no --allowed-hosts", async () => {
    const url = await serve(["--public-url", URL_OF_ALL]);
    const status = async (host: string) => {
      const [response] = await once(request(new URL("/healthz", url), { headers: { host } }).end(), "response");
      response.resume();
      return Number(response.statusCode);
    };
    expect([await status("mcp.example.com"), await status("other.example.com")]).toEqual([200, 403]);
  });
});

test("without --public-url there is no card", async () => {
  expect((await fetch(new URL("/mcp/server-card", await serve([])))).status).toBe(404);
});

test.each([
  "example.com",
  "ftp://x/mcp",
  "https://",
  "https://u:p@x/mcp",
  "https://x/{y}",
  "https://x/#y",
  "https://a b",
])("--public-url %s is refused at the start", (url) => {
  const settings = parseOptions(everything.name, everything.options, ["--public-url", url], {});
  expect(() => createGuard("127.0.0.1", settings, undefined, everything)).toThrow(/is not an http address/);
});

test("a server whose package.json says nothing of it has no card to publish", () => {
  const { package: _, ...bare } = everything;
  const settings = parseOptions(everything.name, everything.options, ["--public-url", URL_OF_ALL], {});
  expect(() => createGuard("127.0.0.1", settings, undefined, bare)).toThrow(ToolError);
});

test.each(ERAS)("a client of the %s era learns its page and its picture, one that every host can show", async (era) => {
  await using connection = await spawn(BIN, { era });
  expect(connection.client.getServerVersion()).toEqual({
    name: everything.name,
    version: everything.version,
    title: everything.title,
    websiteUrl: "https://example.com/everything",
    icons: [{ src: "https://example.com/icon.png", mimeType: "image/png", sizes: ["512x512"] }],
  });
});
