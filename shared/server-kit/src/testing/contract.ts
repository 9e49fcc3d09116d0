import { resolve } from "node:path";
import type { CallToolResult, Client } from "@modelcontextprotocol/client";
import { describe, expect, test } from "vitest";
import { COMMON } from "../options.ts";
import type { Server } from "../server.ts";
import { type ConnectOptions, connect, ERAS, type Era } from "./connect.ts";
import { processContract } from "./process-contract.ts";

export interface ContractOptions extends Pick<ConnectOptions, "args" | "env"> {
  /** Path of the built command, relative to the package, for tests of the process. */
  readonly bin?: string;
  /**
   * Calls that succeed, in this order, with the server's `args`: at least one for each tool, on as much data as an
   * answer can hold. They run with the smallest allowed `--max-output`.
   */
  readonly samples?: readonly (readonly [tool: string, args: Readonly<Record<string, unknown>>])[];
}

const HUGE = "x".repeat(1_000_000);

/** The rules that every server keeps. Compares its tools with the reviewed snapshot. */
export function serverContract(server: Server, options: ContractOptions = {}): void {
  const { args = [], env = {}, bin = "dist/cli.js", samples } = options;
  const withClient = async (era: Era, use: (client: Client) => Promise<void>) => {
    await using connection = await connect(server, { era, args, env });
    await use(connection.client);
  };

  describe("tools as a model sees them", async () => {
    const { tools } = await server.describe();

    test("are the reviewed ones", async () => {
      await expect(`${JSON.stringify(tools, null, 2)}\n`).toMatchFileSnapshot(resolve("test/__snapshots__/tools.json"));
    });

    test("are few, and small enough to be read", () => {
      expect(tools.length).toBeLessThanOrEqual(15);
      const seen = tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
      expect(JSON.stringify(seen).length).toBeLessThanOrEqual(12_000);
    });

    test.each(tools.map((tool) => [tool.name, tool] as const))("%s has a name, words and hints", (name, tool) => {
      expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/);
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
        for (const [parameter, schema] of Object.entries(propertiesOf(inputSchema))) {
          expect(parameter).toMatch(/^[a-z]\w*$/i);
          expect(schema, `${parameter} has no description`).toHaveProperty("description");
        }
      },
    );

    // For each of these keywords, some host drops it, or refuses the tool.
    test.each(tools.map((tool) => [tool.name, tool] as const))("%s has no keyword that a host drops", (_, tool) => {
      for (const schema of schemasIn(tool.inputSchema)) {
        const refused = Object.keys(schema).filter((key) => REFUSED.has(key));
        expect(refused, JSON.stringify(schema)).toEqual([]);
        for (const key of ["type", "items"]) expect(Array.isArray(schema[key]), JSON.stringify(schema)).toBe(false);
      }
    });

    // Hosts delete `default`, `minimum` and `maximum`.
    test.each(tools.map((tool) => [tool.name, tool] as const))(
      "%s says its defaults and bounds in words",
      (_, tool) => {
        for (const { description, default: preset, minimum, maximum } of schemasIn(tool.inputSchema)) {
          const words = String(description).replace(/(?<=\d),(?=\d{3})/g, "");
          const isList = Array.isArray(preset);
          for (const fact of [isList ? undefined : preset, minimum, maximum]) {
            if (fact !== undefined) expect(words).toContain(String(fact));
          }
        }
      },
    );

    test.each(tools.map((tool) => [tool.name, tool] as const))('%s takes "" for no cursor, date or glob', (_, tool) => {
      const required: readonly unknown[] = Array.isArray(tool.inputSchema.required) ? tool.inputSchema.required : [];
      for (const [name, schema] of Object.entries(propertiesOf(tool.inputSchema))) {
        const isText = "type" in schema && schema.type === "string" && !("enum" in schema);
        if (!isText || required.includes(name) || !NEVER_EMPTY.test(name)) continue;
        expect(schema, `${name}: .min(1) makes the kit take "" as absent`).toHaveProperty("minLength");
      }
    });
  });

  describe.skipIf(samples === undefined)("with the smallest --max-output", () => {
    const least = String(COMMON.maxOutput.min);

    test("every tool answers, and fits", async () => {
      await using connection = await connect(server, { env, args: [...args, "--max-output", least] });
      const { tools } = await connection.client.listTools();
      // Hosts send null or "" for arguments that they mean to omit. Tools that write are called once.
      const forms = (samples ?? []).flatMap(([name, given]) => {
        const tool = tools.find((one) => one.name === name);
        const absent = Object.keys(propertiesOf(tool?.inputSchema ?? {})).filter((key) => !(key in given));
        const [nulls, empty] = [null, ""].map((blank) => Object.fromEntries(absent.map((key) => [key, blank])));
        const filled = { ...empty, ...given };
        return (tool?.annotations?.readOnlyHint ? [given, { ...nulls, ...given }, filled] : [filled]).map(
          (args) => [name, args] as const,
        );
      });
      for (const [name, given] of forms) {
        const result = await connection.client.callTool({ name, arguments: given });
        expect(result.isError, `${name}: ${textOf(result)}`).not.toBe(true);
        const { structuredContent } = result;
        expect(textOf(result).trim(), name).not.toBe("");
        expect(
          Math.max(textOf(result).length, JSON.stringify(structuredContent ?? "").length),
          name,
        ).toBeLessThanOrEqual(Number(least));
        const hasMedia = result.content.some(({ type }) => !["text", "resource_link"].includes(type));
        expect(hasMedia && structuredContent !== undefined, `${name}: hosts drop a block beside a value`).toBe(false);
        // Resources that a result links to can be read.
        for (const block of result.content) {
          if (block.type !== "resource_link") continue;
          const { contents } = await connection.client.readResource({ uri: block.uri });
          expect(contents).not.toHaveLength(0);
        }
      }
      const untried = tools.map(({ name }) => name).filter((name) => !samples?.some(([tool]) => tool === name));
      expect(untried, "tools without a sample").toEqual([]);
    });
  });

  describe.each(ERAS)("in the %s era", (era) => {
    test("lists the same tools, and says who it is", () =>
      withClient(era, async (client) => {
        const { tools } = await client.listTools();
        const names = (await server.describe()).tools.map(({ name }) => name);
        expect(names).toEqual(expect.arrayContaining(tools.map(({ name }) => name)));
        expect(client.getServerVersion()).toMatchObject({ name: server.name, version: server.version });
      }));

    test("an unknown tool is a protocol error", () =>
      withClient(era, async (client) => {
        await expect(client.callTool({ name: "no_such_tool", arguments: {} })).rejects.toMatchObject({
          code: -32602,
          message: expect.stringContaining("Unknown tool: no_such_tool. There are "),
        });
      }));

    test("wrong arguments are refused by name, and harm nothing", () =>
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

    test("null for an optional argument, and what a host adds, are nothing", () =>
      withClient(era, async (client) => {
        for (const { name, inputSchema } of (await client.listTools()).tools) {
          const optional = Object.keys(propertiesOf(inputSchema)).filter((key) => !inputSchema.required?.includes(key));
          const nulls = Object.fromEntries(optional.map((key) => [key, null]));
          const given = { ...nulls, wait_for_previous: true, no_such_argument: 1 };
          const result = await client.callTool({ name, arguments: given });
          expectFailure(result, "invalid_input");
          expect(textOf(result)).not.toMatch(/null|wait_for_previous/);
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

  processContract(server, { args, env, bin });
}

/** Names of arguments that must not accept an empty string. */
const NEVER_EMPTY =
  /cursor|etag|date|since|until|before|after|timezone|duration|encoding|pattern|glob|include|exclude|section|^tag$/i;

const REFUSED = new Set(
  "$ref $defs oneOf anyOf allOf not propertyNames patternProperties exclusiveMinimum exclusiveMaximum prefixItems".split(
    " ",
  ),
);

/** A schema and all schemas within it. */
function schemasIn(schema: object): Readonly<Record<string, unknown>>[] {
  const inner = ["items", "additionalProperties"].map(
    (key) => Object.entries(schema).find(([name]) => name === key)?.[1],
  );
  const nested = [...Object.values(propertiesOf(schema)), ...inner].filter((value) => typeof value === "object");
  return [Object.fromEntries(Object.entries(schema)), ...nested.flatMap((value) => schemasIn(Object(value)))];
}

function propertiesOf(schema: object): Record<string, { readonly type?: unknown }> {
  return "properties" in schema ? Object.fromEntries(Object.entries(Object(schema.properties))) : {};
}

/** A value that is wrong for this type of parameter. */
const wrongFor = ({ type }: { readonly type?: unknown }) => (type === "object" ? "text" : { wrong: true });

const textOf = ({ content }: Pick<CallToolResult, "content">) =>
  content.map((block) => (block.type === "text" ? block.text : "")).join("\n");

function expectFailure(result: CallToolResult, code: string): void {
  expect(result.isError).toBe(true);
  expect(textOf(result)).toMatch(new RegExp(`^${code}: .*\\.$`, "s"));
  expect(result._meta).toMatchObject({ error: { code, retryable: false } });
}
