import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { parseOptions } from "../../src/command-line.ts";
import { createGuard } from "../../src/http/guard.ts";
import { createHttpServer, LIMITS, serveHttp } from "../../src/http/serve.ts";
import { createLog } from "../../src/log.ts";
import { ERAS, type Era, listening } from "../../src/testing/index.ts";
import { everything } from "../fixtures/everything.ts";

const opened: Server[] = [];
const clients: Socket[] = [];

afterEach(() => {
  for (const client of clients.splice(0)) client.destroy();
  for (const server of opened.splice(0)) server.close().closeAllConnections();
});

/** The server in this process, with limits of its own; `watched` has the URIs that somebody subscribes to. */
async function serve(limits: Partial<typeof LIMITS> = {}, args: readonly string[] = []) {
  const log = createLog("silent", "json");
  const settings = parseOptions(everything.name, everything.options, args, {});
  const { subscriptions, ...running } = everything.open(settings, log);
  const watched: (readonly string[])[] = [];
  const counted = subscriptions && {
    ...subscriptions,
    subscribe(uris: readonly string[]) {
      const release = subscriptions.subscribe(uris);
      watched.push(uris);
      return () => {
        if (watched.includes(uris)) watched.splice(watched.indexOf(uris), 1);
        release();
      };
    },
  };
  const guard = createGuard("127.0.0.1", settings, undefined, running.identity);
  const { server } = createHttpServer({ ...running, subscriptions: counted }, guard, log, { ...LIMITS, ...limits });
  opened.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { port: (server.address() as AddressInfo).port, watched, server };
}

/** On a machine that is busy with other tests as well. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 20_000 });

/** A bare connection: `text()` is what came, `closed` the milliseconds until the server had ended it. */
function dial(port: number) {
  // It does not end its own side when the server ends the other: only destroying closes it.
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  clients.push(socket);
  const since = performance.now();
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk;
  });
  socket.on("error", () => undefined);
  const answered = (pattern: RegExp) => eventually(() => text).toMatch(pattern);
  const ended = new Promise<number>((resolve) => {
    for (const event of ["end", "close"]) socket.once(event, () => resolve(performance.now() - since));
  });
  return { socket, text: () => text, answered, ended };
}

const META = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientCapabilities": {},
};

/** A request as a host of the era writes it to its socket. */
function post(era: Era, method: string, params: object, fields = ""): string {
  const isNew = era === "2026-07-28";
  const name = "name" in params ? `mcp-name: ${params.name}\r\n` : "";
  const headers = isNew ? `mcp-protocol-version: ${era}\r\nmcp-method: ${method}\r\n${name}` : "";
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: isNew ? { ...params, _meta: META } : params });
  return `POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\naccept: application/json, text/event-stream\r\n${headers}${fields}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}
const call = (era: Era, name: string, args: object = {}, fields = "") =>
  post(era, "tools/call", { name, arguments: args }, fields);
const MB = 1 << 20;
const upload = (size: number) =>
  `POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\naccept: application/json, text/event-stream\r\ncontent-length: ${size}\r\n\r\n`;
const HEALTH = "GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n";

describe("a client that is gone", () => {
  test("leaves no subscription, not even one that is queued behind another on its connection", async () => {
    const { port, watched } = await serve();
    const params = { notifications: { resourceSubscriptions: ["test://pages/ticking"] } };
    const client = dial(port);
    client.socket.write(post("2026-07-28", "subscriptions/listen", params).repeat(3));
    await client.answered(/acknowledged/);
    await eventually(() => watched.length).toBe(3);
    client.socket.destroy();
    await eventually(() => watched.length).toBe(0);
  });

  test.each(ERAS)("leaves no place taken by calls that were queued on its connection, %s", async (era) => {
    const { port, server } = await serve({}, ["--concurrency", "1"]);
    let requests = 0;
    server.on("request", () => {
      requests += 1;
    });
    const client = dial(port);
    client.socket.write(call(era, "wait_long").repeat(3));
    await eventually(() => requests).toBe(3);
    const other = dial(port);
    other.socket.write(call(era, "add_numbers", { a: 1 }));
    await eventually(() => requests).toBe(4);
    client.socket.destroy();
    await other.answered(/1 \+ 1 = 2/);
  });
});

describe("sockets that take their time", () => {
  test.each([
    ["nothing", ""],
    ["half of the headers", "POST /mcp HTTP/1.1\r\nhost: localhost\r\nx-"],
    [
      "half of a body",
      "POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{",
    ],
  ])("with %s sent, they are answered 408 and destroyed", async (_, sent) => {
    const { port, server } = await serve({ headers: 200 });
    const client = dial(port);
    client.socket.write(sent);
    // Far below the ten seconds that it would be without the option.
    expect(await client.ended).toBeLessThan(8000);
    expect(client.text()).toMatch(/^HTTP\/1.1 408 /);
    await eventually(() => connections(server)).toBe(0);
  });

  test.each([20_000, 200_000, 2_000_000])("headers of %d bytes are answered 431", async (size) => {
    const { port } = await serve();
    const client = dial(port);
    client.socket.write(`GET /healthz HTTP/1.1\r\nhost: localhost\r\nx-large: ${"x".repeat(size)}\r\n\r\n`);
    await client.answered(/^HTTP\/1.1 431 /);
  });

  test("take no place from others: the oldest makes room, and one that waits for its answer does not", async () => {
    const { port, server } = await serve({ sockets: 8, headers: 90_000, stalled: 90_000 });
    const busy = dial(port);
    busy.socket.write(call("2026-07-28", "write_slowly", { path: "/dev/null", ms: 2000 }));
    await eventually(() => connections(server)).toBe(1);
    const half = Array.from({ length: 40 }, () => dial(port));
    for (const { socket } of half) socket.write("GET /healthz HTTP/1.1\r\n");
    await Promise.all(half.slice(0, 33).map(({ ended }) => ended));
    const client = dial(port);
    client.socket.write(HEALTH);
    await client.answered(/^HTTP\/1.1 200 /);
    expect(await connections(server)).toBeLessThanOrEqual(8);
    await busy.answered(/"written"/);
  });

  test("that take nothing of their answer are destroyed; that wait for one are not", async () => {
    const { port, server } = await serve({ stalled: 200 }, ["--max-output", "30000000"]);
    const gone: unknown[] = [];
    server.on("connection", (socket: Socket) => {
      const { remotePort } = socket;
      socket.once("close", () => gone.push(remotePort));
    });
    const waiting = dial(port);
    waiting.socket.write(call("2026-07-28", "write_slowly", { path: "/dev/null", ms: 3000 }));
    const stalled = dial(port);
    await once(stalled.socket, "connect");
    const { localPort } = stalled.socket;
    stalled.socket.pause();
    stalled.socket.write(call("2026-07-28", "return_much", { size: 20_000_000 }));
    await eventually(() => gone).toEqual([localPort]);
    await waiting.answered(/"written"/);
    await waiting.ended;
  });
});

describe.runIf(process.env.HEAVY && process.platform === "linux")("a process with 256 descriptors and 512 MB", () => {
  async function small() {
    const command = `ulimit -n 256; exec "${process.execPath}" --max-old-space-size=256 dist/test/everything.mjs --http 127.0.0.1:0`;
    const child = spawn("sh", ["-c", command]);
    const memory = () => Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1]) / 1024;
    const stop = async () => {
      child.kill("SIGKILL");
    };
    return { port: Number(new URL(await listening(child)).port), memory, [Symbol.asyncDispose]: stop };
  }
  const health = async (port: number) => {
    const client = dial(port);
    client.socket.write(HEALTH.replace("\r\n", "\r\nconnection: close\r\n"));
    await client.ended;
    return client.text();
  };

  test.each([
    ["nothing", "", 11_500],
    ["half of the headers", "POST /mcp HTTP/1.1\r\nhost: localhost\r\nx-", 11_500],
    ["half of a body", `${upload(9)}{`, 31_500],
  ])("answers beside 300 sockets that sent %s, which are gone in time", async (_, sent, ms) => {
    await using server = await small();
    const half = Array.from({ length: 300 }, () => dial(server.port));
    for (const { socket } of half) socket.write(sent);
    for (let turn = 0; turn < 100; turn += 1) expect(await health(server.port)).toMatch(/^HTTP\/1.1 200 /);
    for (const { ended } of half) expect(await ended).toBeLessThan(ms);
  });

  test("lives through 60 bodies of 9 MB at once, and answers small calls meanwhile", async () => {
    await using server = await small();
    const uploads = Array.from({ length: 60 }, () => dial(server.port));
    for (const { socket } of uploads) socket.write(`${upload(9 * MB + 1)}${" ".repeat(9 * MB)}`);
    const answers = () => uploads.filter(({ text }) => text().startsWith("HTTP/1.1 503 ")).length;
    await eventually(answers).toBeGreaterThanOrEqual(52);
    const other = dial(server.port);
    other.socket.write(call("2026-07-28", "add_numbers", { a: 1 }));
    await other.answered(/1 \+ 1 = 2/);
    expect(server.memory()).toBeLessThan(512);
  });
});

describe("bodies", () => {
  test("that are not finished are bounded together, small calls go on, and what is dropped makes room", async () => {
    const { port } = await serve({ bodies: 4 * MB });
    const uploads = Array.from({ length: 6 }, () => dial(port));
    for (const { socket } of uploads) socket.write(`${upload(2 * MB)}${" ".repeat(MB)}`);
    const refused = () => uploads.filter(({ text }) => text().startsWith("HTTP/1.1 503 "));
    await eventually(() => refused().length).toBe(2);
    expect(refused()[0]?.text()).toMatch(/retry-after: 1\r\n/i);
    const small = dial(port);
    small.socket.write(call("2025-11-25", "add_numbers", { a: 1 }));
    await small.answered(/1 \+ 1 = 2/);
    for (const { socket } of uploads) socket.destroy();
    await eventually(() => echo(port, 3 * MB)).toMatch(/too_large/);
  });

  test("count until their call is answered, and no longer", async () => {
    const { port } = await serve({ bodies: 2 * MB });
    const holding = dial(port);
    holding.socket.write(call("2026-07-28", "hold_much", { pad: "x".repeat(1.5 * MB) }));
    await eventually(() => echo(port, 1.5 * MB)).toMatch(/^HTTP\/1.1 503 /);
    holding.socket.destroy();
    await eventually(() => echo(port, 1.5 * MB)).toMatch(/too_large/);
  });

  test("over the limit are refused while the client still sends them", async () => {
    const { port } = await serve();
    const client = dial(port);
    client.socket.write(upload(9 * MB).replace(/content-length.*/, "transfer-encoding: chunked"));
    for (let sent = 0; sent < 12; sent += 1) client.socket.write(`100000\r\n${" ".repeat(MB)}\r\n`);
    await client.answered(/^HTTP\/1.1 413 [\s\S]*10 MiB/);
    await client.ended;
  });
});

describe("what a client asks of its connection", () => {
  test.each(ERAS)("Connection: close is kept, %s", async (era) => {
    const { port } = await serve();
    const client = dial(port);
    client.socket.write(call(era, "add_numbers", { a: 1 }, "connection: close\r\n"));
    await client.ended;
    expect(client.text()).toMatch(/\r\nconnection: close\r\n/i);
    expect(client.text()).not.toMatch(/keep-alive/i);
    expect(client.text()).toContain("1 + 1 = 2");
  });

  test.each(ERAS)("and a connection that is kept carries one answer after the other, %s", async (era) => {
    const { port } = await serve();
    const client = dial(port);
    client.socket.write(call(era, "add_numbers", { a: 1 }) + call(era, "add_numbers", { a: 2 }) + HEALTH);
    await client.answered(/1 \+ 1 = 2[\s\S]*2 \+ 1 = 3[\s\S]*"status":"ok"/);
  });

  test("100 Continue comes after the checks, and a refusal instead of it", async () => {
    const { port } = await serve();
    const [good = "", body = ""] = call("2025-11-25", "add_numbers", { a: 1 }, "expect: 100-continue\r\n").split(
      "\r\n\r\n",
    );
    const client = dial(port);
    client.socket.write(`${good}\r\n\r\n`);
    await client.answered(/^HTTP\/1.1 100 Continue\r\n\r\n$/);
    client.socket.write(body);
    await client.answered(/1 \+ 1 = 2/);
    for (const [from, to, status] of [
      ["localhost", "evil.example", 403],
      ["application/json\r", "text/plain\r", 415],
      [/content-length: \d+/, "content-length: 99999999", 413],
    ] as const) {
      const refused = dial(port);
      refused.socket.write(`${good.replace(from, to)}\r\n\r\n`);
      await refused.ended;
      expect(refused.text()).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      expect(refused.text()).toMatch(/\r\nconnection: close\r\n/i);
    }
  });
});

/** What a call with so many bytes is answered. */
async function echo(port: number, size: number): Promise<string> {
  const client = dial(port);
  client.socket.write(call("2026-07-28", "echo_text", { text: "x".repeat(size) }, "connection: close\r\n"));
  await client.ended;
  return client.text();
}

const connections = (server: Server) =>
  new Promise<number>((resolve) => server.getConnections((_error, count) => resolve(count)));

test("listening on a port that is in use fails, with what to do", async () => {
  const http = `127.0.0.1:${(await serve()).port}`;
  const log = createLog("silent", "json");
  const settings = parseOptions(everything.name, everything.options, [], {});
  const second = serveHttp(everything.open(settings, log), { ...settings, http }, undefined, log);
  await expect(second).rejects.toThrow(
    `cannot listen on ${http}: the port is in use. Choose another, or 0 for a free one.`,
  );
});
