import fc from "fast-check";
import { expect, test } from "vitest";
import { createLines, readMessage } from "../src/messages.ts";

test.each([
  ["not JSON", "{", -32700, null],
  ["two messages on one line", '{"jsonrpc":"2.0","id":1,"method":"ping"} {}', -32700, null],
  ["a byte order mark", '\uFEFF{"jsonrpc":"2.0","id":1,"method":"ping"}', -32700, null],
  ["a batch", '[{"jsonrpc":"2.0","id":1,"method":"ping"}]', -32600, null],
  ["an empty batch", "[]", -32600, null],
  ["null", "null", -32600, null],
  ["a text", '"ping"', -32600, null],
  ["an empty object", "{}", -32600, null],
  ["no version", '{"id":1,"method":"ping"}', -32600, 1],
  ["another version", '{"jsonrpc":"1.0","id":"a","method":"ping"}', -32600, "a"],
  ["no method", '{"jsonrpc":"2.0","id":1}', -32600, null],
  ["a method that is no text", '{"jsonrpc":"2.0","id":1,"method":5}', -32600, null],
  ["params that are a list", '{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}', -32600, 1],
  ["params that are a text", '{"jsonrpc":"2.0","id":1,"method":"ping","params":"x"}', -32600, 1],
  ["params that are null", '{"jsonrpc":"2.0","id":1,"method":"ping","params":null}', -32600, 1],
  ["an id with a fraction", '{"jsonrpc":"2.0","id":1.5,"method":"ping"}', -32600, null],
  ["an id that is null", '{"jsonrpc":"2.0","id":null,"method":"ping"}', -32600, null],
  ["an id that is an object", '{"jsonrpc":"2.0","id":{},"method":"ping"}', -32600, null],
  ["an id beyond what a number holds", '{"jsonrpc":"2.0","id":1e300,"method":"ping"}', -32600, null],
  ["a name that no message has", '{"jsonrpc":"2.0","id":1,"method":"ping","extra":1}', -32600, 1],
  ["an answer that is none", '{"jsonrpc":"2.0","id":7,"result":5}', -32600, null],
])("%s is refused", (_, text, code, id) => {
  expect(readMessage(text)).toMatchObject({ refusal: { jsonrpc: "2.0", id, error: { code } } });
});

test.each([
  '{"jsonrpc":"2.0","id":1,"method":"ping"}',
  '{"jsonrpc":"2.0","id":"","method":"ping","params":{}}',
  '{"jsonrpc":"2.0","method":"notifications/initialized"}',
  '{"jsonrpc":"2.0","id":1,"result":{}}',
  '{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"m"}}',
])("%s is a message", (text) => {
  expect(readMessage(text)).toEqual(JSON.parse(text));
});

const requestOf = (method: string, params: object) => JSON.stringify({ jsonrpc: "2.0", id: 3, method, params });

test.each<[string, object, string]>([
  ["prompts/get", { name: 5 }, "params.name must be a string"],
  ["prompts/get", { name: "a", arguments: { b: 5 } }, 'the argument "b" must be a string'],
  ["prompts/get", { name: "a", arguments: "b" }, "params.arguments must be an object"],
  ["tools/call", {}, "params.name must be a string"],
  ["tools/call", { name: "a", arguments: [] }, "params.arguments must be an object"],
  ["tools/list", { cursor: 5 }, "params.cursor must be a string"],
  ["resources/read", { uri: null }, "params.uri must be a string"],
  ["resources/subscribe", { uri: 5 }, "params.uri must be a string"],
  ["resources/unsubscribe", {}, "params.uri must be a string"],
  ["completion/complete", { ref: 1 }, "params.ref.type must be a string"],
  ["completion/complete", { ref: { type: "ref/prompt" }, argument: {} }, "params.argument.name must be a string"],
])("%s with %j is refused as wrong params", (method, params, problem) => {
  const error = { code: -32602, message: `Invalid params: ${problem}.` };
  expect(readMessage(requestOf(method, params))).toEqual({ refusal: { jsonrpc: "2.0", id: 3, error } });
});

test.each<[string, object]>([
  ["tools/call", { name: "a", arguments: { b: 5 } }],
  ["prompts/get", { name: "a", arguments: { b: "5" } }],
  ["resources/read", { uri: "a" }],
  ["completion/complete", { ref: { type: "ref/prompt", name: "a" }, argument: { name: "b", value: "" } }],
  ["resources/subscribe", { uri: 5, _meta: { "io.modelcontextprotocol/protocolVersion": "2026-07-28" } }],
  ["constructor", { name: 5 }],
])("%s with %j is a message", (method, params) => {
  expect(readMessage(requestOf(method, params))).toMatchObject({ method, params });
});

test("params that are missing are wrong where something must be in them", () => {
  const missing = readMessage('{"jsonrpc":"2.0","id":3,"method":"resources/read"}');
  expect(missing).toMatchObject({ refusal: { error: { message: "Invalid params: params.uri must be a string." } } });
  expect(readMessage('{"jsonrpc":"2.0","id":3,"method":"tools/list"}')).not.toHaveProperty("refusal");
});

test("arguments: null are no arguments", () => {
  const message = readMessage('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":null}}');
  expect(message).toEqual({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "a" } });
});

function cut(chunks: readonly Buffer[], limit = 1000) {
  const lines: string[] = [];
  let over = 0;
  const { feed, end } = createLines(
    limit,
    (line) => lines.push(line),
    () => {
      over += 1;
    },
  );
  for (const chunk of chunks) feed(chunk);
  end();
  return { lines, over };
}

test("lines come out whole, however the stream is cut, and the last one may lack its end", () => {
  const text = fc.array(fc.string({ unit: "grapheme" }).map((line) => `.${line.replace(/\n/g, "")}`));
  fc.assert(
    fc.property(text, fc.array(fc.nat(20)), fc.boolean(), (lines, sizes, ends) => {
      const bytes = Buffer.from(lines.join("\n") + (ends && lines.length > 0 ? "\n" : ""));
      const chunks: Buffer[] = [];
      let at = 0;
      for (const size of sizes) {
        chunks.push(bytes.subarray(at, at + size));
        at += size;
      }
      expect(cut([...chunks, bytes.subarray(at)], 1e6).lines).toEqual(lines);
    }),
  );
});

test("blank lines are passed over", () => {
  expect(cut([Buffer.from("\r\n\n  \na\r\n")]).lines).toEqual(["a\r"]);
});

test("the limit counts a line and not what follows it", () => {
  const line = "x".repeat(1000);
  expect(cut([Buffer.from(`${line}\n${line}\nb\n`)])).toEqual({ lines: [line, line, "b"], over: 0 });
  expect(cut([Buffer.from(`a\n${line}`), Buffer.from("x"), Buffer.from("x\nb\n")])).toEqual({ lines: ["a"], over: 1 });
});
