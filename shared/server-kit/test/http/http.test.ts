import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { createServer, request as httpRequest, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterEach, describe, expect, test } from "vitest";
import { parseOptions } from "../../src/command-line.ts";
import { ToolError } from "../../src/errors.ts";
import { createGuard } from "../../src/http/guard.ts";
import { ERAS, ended, listening, newClient, spawn, start } from "../../src/testing/index.ts";
import { everything } from "../fixtures/everything.ts";

const BIN = "dist/test/everything.mjs";
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

async function serve(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const child = start(BIN, ["--http", "127.0.0.1:0", ...args], env);
  children.push(child);
  return { child, url: await listening(child) };
}

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Iterable<string>;
}

/** One raw request, so that Host, Origin and the body's framing are ours. */
async function send(url: string, { method = "POST", path = "/mcp", headers = {}, body = "" }: Sent) {
  const request = httpRequest(new URL(path, url), {
    method,
    headers: { "content-type": "application/json", ...headers },
  });
  request.on("error", () => undefined);
  if (typeof body === "string") request.end(body);
  else {
    for (const chunk of body) request.write(chunk);
    request.end();
  }
  const [response] = await once(request, "response");
  let text = "";
  for await (const chunk of response) text += chunk;
  return { status: Number(response.statusCode), headers: response.headers as IncomingHttpHeaders, text };
}

const call = (id: number, name: string, args: object = {}) =>
  JSON.stringify({ jsonrpc: "2.0", id, method: "tools/call", params: { name, arguments: args } });
const ACCEPT = { accept: "application/json, text/event-stream" };

describe("what a request must be", () => {
  test.each(["evil.example", "127.0.0.1.evil.example:80", "localhost.evil.example", "[::2]", "localhost@evil"])(
    "Host %s is refused",
    async (host) => {
      const { url } = await serve();
      expect(await send(url, { headers: { host } })).toMatchObject({ status: 403 });
    },
  );

  test.each(["localhost", "LOCALHOST:9", "127.0.0.1:1", "[::1]:80"])("Host %s is served", async (host) => {
    const { url } = await serve();
    expect(await send(url, { method: "GET", path: "/healthz", headers: { host } })).toMatchObject({ status: 200 });
  });

  test("a token that is missing or wrong is answered with what a person has to do", async () => {
    const { url } = await serve([], { MCP_HTTP_TOKEN: "s3cret" });
    for (const path of ["/mcp", "/.well-known/oauth-protected-resource", "/register"]) {
      const { status, headers, text } = await send(url, { path, headers: { authorization: "Bearer no" } });
      expect([status, headers["www-authenticate"]]).toEqual([401, "Bearer"]);
      expect(text).toMatch(/MCP_HTTP_TOKEN.*Authorization: Bearer <token>.*no sign-in/);
      expect(text).not.toContain("s3cret");
    }
  });

  test("a burst of refusals is one line, with its path and reason", async () => {
    const { child, url } = await serve();
    let stderr = "";
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    const path = `/no "such"?token=s3cret`;
    await Promise.all(Array.from({ length: 50 }, () => send(url, { path: encodeURI(path) })));
    await send(url, { headers: { host: "evil.example" } });
    child.kill();
    await ended(child);
    const lines = stderr.split("\n").filter((line) => line.includes(" refused "));
    expect(lines).toEqual([
      expect.stringMatching(/ reason=path status=404 path="\/no%20%22such%22" client=127.0.0.1 count=50$/),
      expect.stringMatching(/ reason=host status=403 path=\/mcp client=127.0.0.1 count=1$/),
    ]);
  });

  test("hosts and origins are allowed however they are written", async () => {
    const hosts = "MCP.Example.com,b\u00fccher.example,10.0.0.5:80,c.example:81,[0:0::1]";
    const { url } = await serve(["--allowed-hosts", hosts, "--allowed-origins", "HTTPS://App.Example:443/,app://X"]);
    const status = async (headers: Record<string, string>) =>
      (await send(url, { method: "GET", path: "/healthz", headers })).status;
    for (const host of ["mcp.example.com", "MCP.example.com:99", "xn--bcher-kva.example", "10.0.0.5", "c.example:81"]) {
      expect([host, await status({ host })]).toEqual([host, 200]);
    }
    for (const host of ["c.example", "c.example:82", "example.com"]) {
      expect([host, await status({ host })]).toEqual([host, 403]);
    }
    for (const origin of ["https://app.example", "app://x"]) expect(await status({ origin })).toBe(200);
    for (const origin of ["https://app.example:444", "http://app.example", "null", "app://xy"]) {
      expect(await status({ origin })).toBe(403);
    }
  });

  test("what no request could match is refused at the start", () => {
    const guard = (...args: string[]) => {
      return createGuard(
        "127.0.0.1",
        parseOptions(everything.name, everything.options, args, {}),
        undefined,
        everything,
      );
    };
    for (const host of ["*", "*.example.com", "http://x", "x/", "x:99999", "a b", "u@x", "x?", "::1", "[::1", ":80"]) {
      expect(() => guard("--allowed-hosts", host)).toThrow(ToolError);
    }
    for (const origin of ["*", "null", "a.example", "a.example:80", "https://x/page", "https://x?", "https://u@x"]) {
      expect(() => guard("--allowed-origins", origin)).toThrow(ToolError);
    }
    for (const origin of ["https://*.example", "//x", "https://", "https:x", "https://x:99999", "https://x y"]) {
      expect(() => guard("--allowed-origins", origin)).toThrow(/is not an origin, such as/);
    }
  });

  test("a web page may call only when its origin is allowed, and then its preflight passes", async () => {
    const { url } = await serve(["--allowed-origins", "https://app.example"]);
    for (const origin of ["null", "https://evil.example", "http://app.example", "http://127.0.0.1"]) {
      const refused = await send(url, { headers: { origin } });
      expect(refused.status).toBe(403);
      expect(refused.headers).not.toHaveProperty("access-control-allow-origin");
    }
    const { host } = new URL(url);
    const own = await send(url, {
      headers: { origin: `http://${host}`, ...ACCEPT },
      body: call(1, "add_numbers", { a: 1 }),
    });
    expect(own.status).toBe(200);
    const preflight = await send(url, { method: "OPTIONS", headers: { origin: "https://app.example" } });
    expect(preflight.status).toBe(204);
    expect(preflight.headers["access-control-allow-origin"]).toBe("https://app.example");
    expect(preflight.headers["access-control-allow-headers"]).toContain("authorization");
    const body = call(1, "add_numbers", { a: 1 });
    const allowed = await send(url, { headers: { origin: "https://app.example", ...ACCEPT }, body });
    expect(allowed.status).toBe(200);
    expect(allowed.text).toContain("1 + 1 = 2");
  });

  test("the checks come in their order: Host, Origin, health, token, rate, type, size", async () => {
    const { url } = await serve(["--rate-limit", "4"], { MCP_HTTP_TOKEN: "s3cret" });
    const wrong = { origin: "https://evil.example", authorization: "Bearer no", "content-type": "text/plain" };
    const large = { headers: { ...wrong, "content-length": String(100 << 20) } };
    const token = { authorization: "Bearer s3cret" };
    expect((await send(url, { ...large, headers: { ...large.headers, host: "evil.example" } })).text).toContain("host");
    expect((await send(url, large)).text).toContain("origin");
    expect((await send(url, { method: "GET", path: "/healthz" })).status).toBe(200);
    const { status, headers } = await send(url, { headers: { authorization: "Bearer no" } });
    expect([status, headers["www-authenticate"]]).toEqual([401, "Bearer"]);
    expect((await send(url, {})).status).toBe(401);
    expect((await send(url, { headers: { ...token, "content-type": "text/plain" } })).status).toBe(415);
    expect((await send(url, { headers: { ...token, "content-length": String(100 << 20) } })).status).toBe(413);
    let limited = await send(url, { headers: token });
    // The fifth request of a second is one too many, wrong tokens counted; a second may begin between two of them.
    for (let more = 0; more < 9 && limited.status !== 429; more += 1) limited = await send(url, { headers: token });
    expect(limited.status).toBe(429);
    expect(Number(limited.headers["retry-after"])).toBeGreaterThanOrEqual(1);
  });

  test("a body over the limit is refused when it comes in pieces, too", async () => {
    const { url } = await serve();
    const pieces = Array.from({ length: 12 }, () => " ".repeat(1 << 20));
    expect(await send(url, { body: pieces })).toMatchObject({ status: 413 });
  });

  test.each([
    ["", -32700, null],
    ["{", -32700, null],
    [`\uFEFF${call(1, "add_numbers", { a: 1 })}`, -32700, null],
    [`[${call(1, "add_numbers", { a: 1 })}]`, -32600, null],
    ["null", -32600, null],
    ['{"jsonrpc":"2.0","id":1.5,"method":"ping"}', -32600, null],
    ['{"jsonrpc":"2.0","id":null,"method":"ping"}', -32600, null],
    ['{"jsonrpc":"2.0","id":7,"method":"ping","params":[]}', -32600, 7],
  ])("%j is answered as over stdio", async (body, code, id) => {
    const { url } = await serve();
    for (const headers of [ACCEPT, { ...ACCEPT, "mcp-protocol-version": "2026-07-28", "mcp-method": "ping" }]) {
      const { status, text } = await send(url, { headers, body });
      expect(status).toBe(400);
      expect(JSON.parse(text)).toMatchObject({ jsonrpc: "2.0", id, error: { code } });
    }
  });

  test("what is no JSON is 400, what is elsewhere 404, and no stack is told", async () => {
    const { url } = await serve();
    expect(await send(url, { headers: ACCEPT, body: "{" })).toMatchObject({ status: 400 });
    const elsewhere = await send(url, { path: "/etc/passwd" });
    expect(elsewhere.status).toBe(404);
    expect(elsewhere.text).not.toMatch(/\.js|at /);
    expect(await send(url, { method: "GET", headers: ACCEPT })).toMatchObject({ status: 405 });
  });
});

type Refused = [string[], RegExp, Record<string, string>?];

describe("starting and ending", () => {
  test.each([
    [["--http", "0.0.0.0:0"], /MCP_HTTP_TOKEN/],
    [["--http", "[::]:0"], /MCP_HTTP_TOKEN/],
    [["--http", "example.com:0"], /MCP_HTTP_TOKEN/],
    [["--http", "127.0.0.1:99999"], /\[host:\]port/],
    [["--http", "nonsense"], /\[host:\]port/],
    [["--http", "127.0.0.1:0"], /MCP_HTTP_TOKEN must be/, { MCP_HTTP_TOKEN: "a b" }],
    [["--http", "0", "--allowed-hosts", "http://x"], /--allowed-hosts: "http:\/\/x" is not a host name/],
    [["--http", "0", "--allowed-origins", "a.example"], /--allowed-origins: "a.example" is not an origin/],
  ] as Refused[])("%j exits with 2 and one sentence", async (args, reason, env = {}) => {
    const child = start(BIN, args, env);
    let stderr = "";
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    const [code] = await once(child, "close");
    expect(code).toBe(2);
    expect(stderr).toMatch(reason);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  });

  test("a port in use exits with 2", async () => {
    const { url } = await serve();
    const second = start(BIN, ["--http", new URL(url).host]);
    expect(await ended(second)).toMatchObject({ code: 2 });
  });

  test.skipIf(process.platform === "win32").each(ERAS)(
    "a second SIGTERM cuts reads short, no answer, %s",
    async (era) => {
      const { child, url } = await serve();
      const client = newClient(era);
      await client.connect(new StreamableHTTPClientTransport(new URL(url)));
      const path = join(mkdtempSync(join(tmpdir(), "kit-")), "file");
      const write = client.callTool({ name: "write_slowly", arguments: { path, ms: 500 } });
      const read = client.callTool({ name: "wait_long", arguments: {} });
      await client.callTool({ name: "add_numbers", arguments: { a: 1 } });
      child.kill("SIGTERM");
      await expect
        .poll(() =>
          send(url, {}).then(
            ({ status }) => status,
            () => 0,
          ),
        )
        .not.toBe(406);
      child.kill("SIGTERM");
      expect(await read).toMatchObject({ isError: true, content: [{ text: expect.stringMatching(/^cancelled: /) }] });
      expect(await write).toMatchObject({ content: [{ text: "written" }] });
      const { code, ms } = await ended(child);
      expect(code).toBe(143);
      expect(ms).toBeLessThan(30_000);
    },
  );

  test.skipIf(process.platform === "win32").each(ERAS)("SIGTERM loses no answer of the %s era", async (era) => {
    const { child, url } = await serve();
    const client = newClient(era);
    await client.connect(new StreamableHTTPClientTransport(new URL(url)));
    const path = join(mkdtempSync(join(tmpdir(), "kit-")), "file");
    const late = client.callTool({ name: "write_slowly", arguments: { path, ms: 300 } });
    await client.callTool({ name: "add_numbers", arguments: { a: 1 } });
    child.kill("SIGTERM");
    expect(await late).toMatchObject({ content: [{ text: "written" }] });
    expect(await ended(child)).toMatchObject({ code: 143 });
  });

  test.skipIf(process.platform === "win32")("SIGTERM lets a call finish; EOF and SIGHUP mean nothing", async () => {
    const { child, url } = await serve(["--timeout", "700ms"]);
    child.stdin.end();
    child.kill("SIGHUP");
    const late = send(url, { headers: ACCEPT, body: call(1, "search_slowly") });
    await expect.poll(async () => (await send(url, { method: "GET", path: "/healthz" })).status).toBe(200);
    child.kill("SIGTERM");
    await expect
      .poll(() =>
        send(url, {}).then(
          ({ status }) => status,
          () => 0,
        ),
      )
      .toBe(0);
    expect((await late).text).toContain("found 3");
    expect(await ended(child)).toMatchObject({ code: 143 });
  });
});

test.each(ERAS)("two processes behind a proxy that takes turns serve one %s client", async (era) => {
  const backends = [(await serve()).url, (await serve()).url];
  const hits = [0, 0];
  let turn = 0;
  const proxy = createServer((req, res) => {
    const at = turn++ % 2;
    hits[at] = (hits[at] ?? 0) + 1;
    const { port } = new URL(backends[at] ?? "");
    const { url, method, headers } = req;
    const forward = httpRequest({ host: "127.0.0.1", port, path: url, method, headers }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(res);
    });
    req.pipe(forward);
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const client = newClient(era);
  try {
    const { port } = proxy.address() as AddressInfo;
    await client.connect(new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${port}/mcp`)));
    for (let a = 0; a < 10; a += 1) {
      const result = await client.callTool({ name: "add_numbers", arguments: { a } });
      expect(result).toMatchObject({ structuredContent: { sum: a + 1 } });
    }
    expect((await client.listResources()).resources).toHaveLength(27);
    expect(Math.min(...hits)).toBeGreaterThan(4);
  } finally {
    await client.close();
    proxy.closeAllConnections();
    proxy.close();
  }
});

test("a client with the right token gets in, and calls are logged without arguments", async () => {
  await using server = await spawn(BIN, {
    transport: "http",
    env: { MCP_HTTP_TOKEN: "s3cret" },
    args: ["--log-format", "json"],
  });
  const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  await server.client.callTool({ name: "echo_text", arguments: { text: "private" }, _meta: { traceparent } });
  await expect.poll(server.stderr).toContain('"event":"call"');
  expect(server.stderr()).toMatch(/^listening on http:\/\/127\.0\.0\.1:\d+\/mcp\n\{/);
  expect(server.stderr()).toContain(`"tool":"echo_text"`);
  expect(server.stderr()).toContain(`"trace":"${traceparent}"`);
  expect(server.stderr()).not.toMatch(/private|s3cret/);
});
