import { tmpdir } from "node:os";
import { join } from "node:path";
import { serverContract } from "../../src/testing/index.ts";
import { everything } from "../fixtures/everything.ts";

serverContract(everything, {
  bin: "dist/test/everything.mjs",
  args: ["--timeout", "200ms"],
  samples: [
    ["echo_text", { text: "x".repeat(3900) }],
    ["add_numbers", { a: 1 }],
    ["wait_long", { ms: 1 }],
    ["hold_much", { ms: 1, pad: "x".repeat(5000) }],
    ["tick_on", { times: 1 }],
    ["fail_somehow", { how: "never" }],
    ["return_hints", { free: {} }],
    ["draw_picture", { bytes: 10_000 }],
    ["search_slowly", {}],
    ["write_slowly", { path: join(tmpdir(), "server-kit-contract"), ms: 1 }],
    ["return_much", { size: 4000 }],
  ],
});
