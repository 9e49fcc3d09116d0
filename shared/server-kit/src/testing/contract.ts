import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { CallToolResult, Client } from "@modelcontextprotocol/client";
import { afterEach, describe, expect, test } from "vitest";
import type { Server } from "../server.ts";
import { type ConnectOptions, connect, ERAS, type Era } from "./connect.ts";
import { ended, spawn, start } from "./spawn.ts";

export interface ContractOptions extends Pick<ConnectOptions, "args" | "env"> {
  /** The built command, relative to the package; tests of a process need it. */
  readonly bin?: string;
}

const HUGE = "x".repeat(1_000_000);

/** What every server keeps, whatever it does. The list of its tools is compared with the reviewed snapshot. */
export function serverContract(server: Server, options: ContractOptions = {}): void {
  const { args = [], env = {}, bin = "dist/cli.js" } = options;
  const withClient = async (era: Era, use: (client: Client) => Promise<void>) => {
    await using connection = await connect(server, { era, args, env });
    await use(connection.client);
  };

  describe("tools as a model sees them", () => {
    const { tools } = server.describe();

    test("are the reviewed ones", async () => {
      await expect(`${JSON.stringify(tools, null, 2)}\n`).toMatchFileSnapshot(resolve("test/__snapshots__/tools.json"));
    });

    test("are few, and small enough to be read", () => {
      expect(tools.length).toBeLessThanOrEqual(15);
      const seen = tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
      expect(JSON.stringify(seen).length).toBeLessThanOrEqual(12_000);
    });

    test.each(tools.map((tool) => [tool.name, tool] as const))("%s has a name, words and hints", (name, tool) => {
      expect(name).toMatch(/^[a-z]+(_[a-z]+)+$/);
      expect(tool.title).not.toBe(name);
      expect(tool.description.length).toBeGreaterThan(20);
      expect(tool.description.length).toBeLessThanOrEqual(300);
      const hints = ["destructiveHint", "idempotentHint", "openWorldHint", "readOnlyHint"];
      expect(Object.keys(tool.annotations).sort()).toEqual(hints);
      expect(tool.annotations.readOnlyHint && tool.annotations.destructiveHint).toBe(false);
    });

    test.each(tools.map((tool) => [tool.name, tool] as const))(
      "%s takes a flat object of described values",
      (_, tool) => {
        const { inputSchema } = tool;
        expect(inputSchema).toMatchObject({ type: "object", additionalProperties: false });
        expect(inputSchema).not.toHaveProperty("$schema");
        expect(Object.keys(inputSchema)).not.toEqual(
          expect.arrayContaining([expect.stringMatching(/^(any|one|all)Of$/)]),
        );
        for (const [parameter, schema] of Object.entries(propertiesOf(inputSchema))) {
          expect(parameter).toMatch(/^[a-z]\w*$/i);
          expect(schema, `${parameter} has no description`).toHaveProperty("description");
        }
      },
    );
  });

  describe.each(ERAS)("in the %s era", (era) => {
    test("lists the same tools, and says who it is", () =>
      withClient(era, async (client) => {
        const { tools } = await client.listTools();
        const names = server.describe().tools.map(({ name }) => name);
        expect(names).toEqual(expect.arrayContaining(tools.map(({ name }) => name)));
        expect(client.getServerVersion()).toMatchObject({ name: server.name, version: server.version });
      }));

    test("an unknown tool is a protocol error", () =>
      withClient(era, async (client) => {
        await expect(client.callTool({ name: "no_such_tool", arguments: {} })).rejects.toMatchObject({ code: -32602 });
      }));

    test("wrong arguments are told, named, and harm nothing", () =>
      withClient(era, async (client) => {
        for (const { name, inputSchema } of (await client.listTools()).tools) {
          const unknown = await client.callTool({ name, arguments: { no_such_argument: 1 } });
          expectFailure(unknown, "invalid_input");
          expect(textOf(unknown)).toContain('unknown argument "no_such_argument"');
          for (const [parameter, schema] of Object.entries(propertiesOf(inputSchema))) {
            const wrong = await client.callTool({ name, arguments: { [parameter]: wrongFor(schema) } });
            expectFailure(wrong, "invalid_input");
            expect(textOf(wrong)).toContain(parameter);
          }
        }
      }));

    test("a huge string is answered, and not sent back", () =>
      withClient(era, async (client) => {
        for (const { name, inputSchema } of (await client.listTools()).tools) {
          const strings = Object.entries(propertiesOf(inputSchema)).filter(([, { type }]) => type === "string");
          if (strings.length === 0) continue;
          const result = await client.callTool({
            name,
            arguments: Object.fromEntries(strings.map(([key]) => [key, HUGE])),
          });
          expect(textOf(result).length).toBeLessThan(5000);
        }
      }));

    test("lists have pages that end, and unknown names are protocol errors", () =>
      withClient(era, async (client) => {
        const capabilities = client.getServerCapabilities() ?? {};
        if (capabilities.resources) {
          const seen = new Set<string>();
          let cursor: string | undefined;
          do {
            const page = await client.request({
              method: "resources/list",
              params: cursor === undefined ? {} : { cursor },
            });
            for (const { uri } of page.resources) {
              expect(seen).not.toContain(uri);
              seen.add(uri);
            }
            cursor = page.nextCursor;
          } while (cursor !== undefined);
          await expect(client.readResource({ uri: "no-such-scheme://x" })).rejects.toMatchObject({ code: -32602 });
        }
        if (capabilities.prompts) {
          await expect(client.getPrompt({ name: "no_such_prompt" })).rejects.toMatchObject({ code: -32602 });
        }
        await expect(client.request({ method: "tools/list", params: { cursor: "???" } })).rejects.toMatchObject({
          code: -32602,
        });
      }));
  });

  describe.skipIf(!existsSync(bin))("as a process", () => {
    const children: ChildProcess[] = [];
    const begin = (...more: string[]) => {
      const child = start(bin, [...args, ...more], env);
      children.push(child);
      return child;
    };
    afterEach(() => {
      for (const child of children.splice(0)) child.kill("SIGKILL");
    });

    test.each([...ERAS].flatMap((era) => (["stdio", "http"] as const).map((transport) => [era, transport] as const)))(
      "serves %s over %s",
      async (era, transport) => {
        await using server_ = await spawn(bin, { era, transport, args, env });
        expect((await server_.client.listTools()).tools).not.toHaveLength(0);
      },
    );

    test("keeps stdout for the protocol, answers what was asked before EOF, and ends with it", async () => {
      const garbage = 'this is no JSON\n[]\n{"jsonrpc":"2.0"}\n';
      const asked = `${garbage}${initialize}\n{"jsonrpc":"2.0","id":2,"method":"tools/list"}\n`;
      const { code, stdout } = await outputOf(begin(), asked);
      const answers = stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));
      expect(answers.map(({ id }) => id)).toEqual([1, 2]);
      expect(code).toBe(0);
    });

    test.skipIf(process.platform === "win32").each([
      ["SIGTERM", 143],
      ["SIGINT", 130],
      ["SIGHUP", 129],
    ] as const)("ends on %s with %d", async (signal, code) => {
      const child = begin();
      child.stdin.write(`${initialize}\n`);
      await once(child.stdout, "data");
      child.kill(signal);
      expect(await ended(child)).toMatchObject({ code });
    });

    test("tells its version and its options, and refuses unknown ones", async () => {
      expect(await outputOf(start(bin, ["--version"]))).toEqual({ code: 0, stdout: `${server.version}\n`, stderr: "" });
      const help = await outputOf(start(bin, ["--help"]));
      for (const { flag, env: variable } of server.describe().options) {
        expect(help.stdout).toContain(flag);
        expect(help.stdout).toContain(variable);
      }
      const wrong = await outputOf(start(bin, ["--no-such-option"]));
      expect(wrong).toMatchObject({ code: 2, stdout: "" });
      expect(wrong.stderr).toMatch(/^[^\n]+ unknown option "--no-such-option"\.[^\n]*\n$/);
      expect(wrong.stderr.startsWith(`${server.name}: `)).toBe(true);
    });
  });
}

const initialize = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" } },
});

function propertiesOf(schema: object): Record<string, { readonly type?: unknown }> {
  return "properties" in schema ? Object.fromEntries(Object.entries(Object(schema.properties))) : {};
}

/** A value that no parameter of this type can have. */
const wrongFor = ({ type }: { readonly type?: unknown }) => (type === "object" ? "text" : { wrong: true });

const textOf = ({ content }: Pick<CallToolResult, "content">) =>
  content.map((block) => (block.type === "text" ? block.text : "")).join("\n");

function expectFailure(result: CallToolResult, code: string): void {
  expect(result.isError).toBe(true);
  expect(textOf(result)).toMatch(new RegExp(`^${code}: .*\\.$`, "s"));
  expect(result._meta).toMatchObject({ error: { code, retryable: false } });
}

async function outputOf(
  child: ReturnType<typeof start>,
  input = "",
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  child.stdin.end(input);
  const [code] = await once(child, "close");
  return { code, stdout, stderr };
}
