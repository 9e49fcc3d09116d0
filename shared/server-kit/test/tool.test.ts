import { expect, expectTypeOf, test } from "vitest";
import * as z from "zod";
import { definePrompt, defineResource, defineServer, defineTool, READ_ONLY } from "../src/index.ts";
import { type Call, listTool } from "../src/tool.ts";

interface Notes {
  readonly names: readonly string[];
}

const call: Call = {
  signal: AbortSignal.timeout(60_000),
  log: { debug() {}, info() {}, warn() {}, error() {}, enabled: () => false, flush() {} },
  maxOutput: 1000,
  progress: async () => undefined,
};
const base = { title: "T", description: "D", annotations: READ_ONLY, input: z.strictObject({}) } as const;

test("a structured tool without words of its own says its value as JSON, and keeps what its schema names", async () => {
  const tool = defineTool({
    ...base,
    name: "a",
    output: z.object({ n: z.number() }),
    run: () => ({ n: 1, secret: 2 }),
  });
  const { structuredContent, content } = (await tool.call({}, undefined, call)).result;
  expect(structuredContent).toEqual({ n: 1 });
  expect(content).toEqual([{ type: "text", text: '{"n":1}' }]);
});

test("a picture is a block beside the words, and does not count as text", async () => {
  const picture = { type: "image", data: "x".repeat(5000), mimeType: "image/png" } as const;
  const tool = defineTool({ ...base, name: "b", media: true, run: () => ["words", picture] });
  const { result, size } = await tool.call({}, undefined, call);
  expect(result.content).toEqual([{ type: "text", text: "words" }, picture]);
  expect(size).toBe(5);
});

test("a limit counts what a host may show: the text or the value, whichever is longer", async () => {
  const output = z.object({ text: z.string() });
  const tool = defineTool({
    ...base,
    name: "c",
    output,
    run: () => ({ text: "x".repeat(1000) }),
    render: () => "short",
  });
  await expect(tool.call({}, undefined, call)).rejects.toMatchObject({ code: "too_large" });
});

test("pictures have a limit of their own, and text in an embedded resource counts as text", async () => {
  const picture = { type: "image", data: "x".repeat(7 << 20), mimeType: "image/png" } as const;
  const large = defineTool({ ...base, name: "e", media: true, run: () => ["words", picture] });
  await expect(large.call({}, undefined, call)).rejects.toMatchObject({ code: "too_large" });
  const embedded = { type: "resource", resource: { uri: "a://b", text: "x".repeat(1000) } } as const;
  const wordy = defineTool({ ...base, name: "f", media: true, run: () => [embedded] });
  await expect(wordy.call({}, undefined, call)).rejects.toMatchObject({ code: "too_large" });
  const file = (blob: string) => ({ type: "resource", resource: { uri: "a://b", blob } }) as const;
  const heavy = defineTool({ ...base, name: "g", media: true, run: () => [file("x".repeat(7 << 20))] });
  await expect(heavy.call({}, undefined, call)).rejects.toMatchObject({ code: "too_large" });
  const light = defineTool({ ...base, name: "h", media: true, run: () => [file("x".repeat(1 << 20))] });
  await expect(light.call({}, undefined, call)).resolves.toMatchObject({ result: { content: [{ type: "resource" }] } });
});

test("a list of types is written as hosts know it", () => {
  const tool = defineTool({
    ...base,
    name: "g",
    output: z.object({ country: z.string().nullable().describe("Where.") }),
    run: () => ({ country: null }),
  });
  expect(JSON.stringify(listTool(tool))).not.toMatch(/"type":\[/);
});

test("an option of a server cannot take the name of one that every server has", () => {
  const options = { timeout: { type: "string", description: "d" } } as const;
  const other = { name: "server-x", version: "1", title: "X", instructions: "", tools: [], open: () => ({}) };
  expect(() => defineServer({ ...other, options })).toThrow(/every server has the option timeout/);
});

test("types are inferred from schemas, options and URIs, and what does not fit does not compile", () => {
  defineTool({
    ...base,
    name: "d",
    input: z.strictObject({ a: z.int(), b: z.string().optional() }),
    run: ({ a, b }, { names }: Notes, { signal }) => {
      expectTypeOf(a).toEqualTypeOf<number>();
      expectTypeOf(b).toEqualTypeOf<string | undefined>();
      expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
      return names.join();
    },
  });
  defineServer({
    name: "server-x",
    version: "1",
    title: "X",
    instructions: "",
    options: {
      dir: { type: "directory", default: "~", description: "d" },
      mode: { type: "choice", choices: ["a", "b"], default: "a", description: "d" },
      many: { type: "string", many: true, description: "d" },
      limit: { type: "number", description: "d" },
      on: { type: "boolean", description: "d" },
    },
    open({ dir, mode, many, limit, on }) {
      expectTypeOf(dir).toEqualTypeOf<string>();
      expectTypeOf(mode).toEqualTypeOf<"a" | "b">();
      expectTypeOf(many).toEqualTypeOf<readonly string[]>();
      expectTypeOf(limit).toEqualTypeOf<number | undefined>();
      expectTypeOf(on).toEqualTypeOf<boolean>();
      return { names: [] };
    },
    tools: [],
  });
  const notes = (_: unknown, { names }: Notes) => names.join();
  const picture = { type: "image", data: "", mimeType: "image/png" } as const;
  const other = { name: "x", version: "1", title: "t", instructions: "", options: {}, open: () => ({ pool: 1 }) };
  const refused = [
    // @ts-expect-error a hint is missing
    () => defineTool({ ...base, name: "a", annotations: { readOnlyHint: true }, run: () => "x" }),
    // @ts-expect-error the value is not of the output schema
    () => defineTool({ ...base, name: "b", output: z.object({ n: z.number() }), run: () => ({ n: "1" }) }),
    // @ts-expect-error a text tool returns an object
    () => defineTool({ ...base, name: "c", run: () => ({ n: 1 }) }),
    // @ts-expect-error a picture beside a structured value: hosts that pass on the value alone drop it
    () => defineTool({ ...base, name: "e", output: z.object({}), run: () => ({}), render: () => [picture] }),
    // @ts-expect-error a picture in a tool that does not say so
    () => defineTool({ ...base, name: "f", run: () => [picture] }),
    // @ts-expect-error a structured tool cannot say so
    () => defineTool({ ...base, name: "g", media: true, output: z.object({}), run: () => ({}) }),
    // @ts-expect-error a tool of another server
    () => defineServer({ ...other, tools: [defineTool({ ...base, name: "d", run: notes })] }),
    () =>
      defineResource({
        ...{ name: "r", title: "t", mimeType: "m" },
        uri: "a://{zone}",
        // @ts-expect-error a variable that the template does not have
        read: ({ path }) => ({ text: path }),
      }),
    () =>
      definePrompt({
        ...{ name: "p", title: "t", description: "d", args: z.strictObject({ a: z.string() }) },
        // @ts-expect-error completion of an argument that is not there
        complete: { b: () => [] },
        run: ({ a }) => a,
      }),
  ];
  expect(refused).toHaveLength(9);
});

test("what may be anything says so", () => {
  const tool = defineTool({
    ...base,
    name: "h",
    input: z.strictObject({ keys: z.record(z.string(), z.unknown()).describe("Any.") }),
    run: () => "",
  });
  expect(listTool(tool).inputSchema).toMatchObject({ additionalProperties: false });
  expect(JSON.stringify(listTool(tool).inputSchema)).toContain('"additionalProperties":true');
});
