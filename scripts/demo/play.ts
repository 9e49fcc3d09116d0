import path from "node:path";
import { type Client, ProtocolError } from "@modelcontextprotocol/client";
import { type Ending, type Era, type Setting, startHttp, startStdio } from "./host.ts";
import type { Answer, Report } from "./report.ts";

/** A question to a server, with an independently known answer. */
export interface Question {
  readonly asks: string;
  /** The fact, known without the server. */
  readonly fact: string;
  ask(client: Client): Promise<Answer>;
}

/** The demonstration of one server. */
export interface Demo {
  /** Asked over stdio, in one process per era. */
  readonly stdio: Readonly<Record<Era, readonly Question[]>>;
  /** Asked over HTTP by a client of each era, in the same process. */
  readonly http: Question;
  /** Creates what the server works on; `remove` cleans up. */
  prepare?(): Promise<Setting & { remove(): Promise<void> }>;
}

const NOTHING = { args: [], env: {}, remove: async () => undefined };

/** @param folder of the built server */
export async function play(demo: Demo, folder: string, report: Report): Promise<void> {
  const setting = (await demo.prepare?.()) ?? NOTHING;
  try {
    await playWith(setting, demo, folder, report);
  } finally {
    await setting.remove();
  }
}

async function playWith(setting: Setting, { stdio, http }: Demo, folder: string, report: Report): Promise<void> {
  const [server, bin] = [path.basename(folder), path.join(folder, "dist/cli.js")];
  for (const era of ["2026-07-28", "2025-11-25"] as const) {
    report.heading(`${server} over stdio, protocol ${era}`);
    await attempt(report, async () => {
      const { client, end } = await startStdio(bin, era, setting);
      for (const question of stdio[era]) await put(report, question, client);
      await putEnding(report, "The host closes stdin. Does the server end?", 0, end);
    });
  }
  report.heading(`${server} over HTTP, both protocols in one process`);
  await attempt(report, async () => {
    const { url, connect, end } = await startHttp(bin, setting);
    for (const era of ["2026-07-28", "2025-11-25"] as const) {
      await attempt(report, async () => {
        const client = await connect(era);
        await put(report, { ...http, asks: `${era}: ${http.asks}` }, client);
        await client.close();
      });
    }
    await report.put("A web page of another site calls it. Is it let in?", "browsers' requests are refused (403)", () =>
      askAsPage(url),
    );
    await putEnding(report, "It gets SIGTERM. Does it end?", 143, end);
  });
}

const put = (report: Report, { asks, fact, ask }: Question, client: Client) =>
  report.put(asks, fact, () => ask(client));

const putEnding = (report: Report, question: string, code: number, end: () => Promise<Ending>) =>
  report.put(question, `a clean end has the exit code ${code}`, async () => {
    const ending = await end();
    const says = ending.code === null ? "no: it had to be killed" : `yes, in ${ending.ms} ms with code ${ending.code}`;
    // Windows ends a process on SIGTERM without notifying it.
    return { says, right: ending.code === code || (process.platform === "win32" && code === 143) };
  });

/** A server that does not start or that crashes counts as one wrong answer; the others still run. */
async function attempt(report: Report, work: () => Promise<void>): Promise<void> {
  await work().catch((error: unknown) =>
    report.put("Does the server start and stay?", "it has to", () => Promise.reject(error)),
  );
}

async function askAsPage(url: string): Promise<Answer> {
  const headers = { "content-type": "application/json", origin: "https://example.com" };
  const { status } = await fetch(url, { method: "POST", headers, body: "{}" });
  return { says: `HTTP ${status}`, right: status === 403 };
}

/** The result of a tool call: the text for the model, the structured value, and whether it failed. */
export interface Called {
  readonly text: string;
  readonly value: unknown;
  readonly failed: boolean;
}

/** Calls a tool; a protocol error also counts as an answer. */
export async function call(client: Client, name: string, args: Record<string, unknown>): Promise<Called> {
  try {
    const { content, structuredContent, isError } = await client.callTool({ name, arguments: args });
    const text = content.map((block) => (block.type === "text" ? block.text : `[${block.type}]`)).join("\n");
    return { text, value: structuredContent, failed: isError === true };
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return { text: `${error.code}: ${error.message}`, value: undefined, failed: true };
  }
}

/** A question that one tool call answers. */
export function asking(
  asks: string,
  tool: string,
  args: Record<string, unknown>,
  fact: string,
  right: (called: Called) => boolean,
): Question {
  return {
    asks,
    fact,
    async ask(client) {
      const called = await call(client, tool, args);
      return { says: called.text, right: right(called) };
    },
  };
}

/** Whether `value` contains all of `part`, at any depth, and possibly more. */
export function has(value: unknown, part: unknown): boolean {
  if (typeof part !== "object" || part === null) return value === part;
  if (typeof value !== "object" || value === null) return false;
  const found = new Map<string, unknown>(Object.entries(value));
  return Object.entries(part).every(([key, wanted]) => has(found.get(key), wanted));
}
