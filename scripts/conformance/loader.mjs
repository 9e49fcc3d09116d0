// The conformance suite imports fs.globSync (Node 22), so on Node 20 it would not load at all.
// `node --import` of this file gives the suite, and nothing else, an `fs` with that function.
import * as fs from "node:fs";
import { register } from "node:module";
import { isMainThread } from "node:worker_threads";

// Node loads hooks in a separate thread, from the same file.
if (isMainThread && !("globSync" in fs)) register(import.meta.url);

export function resolve(specifier, context, next) {
  const asked = /^(?:node:)?fs$/.test(specifier) && context.parentURL?.includes("/conformance/dist/");
  return asked ? { url: new URL("./fs.mjs", import.meta.url).href, shortCircuit: true } : next(specifier, context);
}
