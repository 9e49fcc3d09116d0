// The conformance suite names fs.globSync (Node 22) in an import, so that on Node 20 none of it would load.
// `node --import` of this file gives the suite, and nothing else, an `fs` that has the name.
import * as fs from "node:fs";
import { register } from "node:module";
import { isMainThread } from "node:worker_threads";

// Node loads hooks in a thread of their own, from the same file.
if (isMainThread && !("globSync" in fs)) register(import.meta.url);

export function resolve(specifier, context, next) {
  const asked = /^(?:node:)?fs$/.test(specifier) && context.parentURL?.includes("/conformance/dist/");
  return asked ? { url: new URL("./fs.mjs", import.meta.url).href, shortCircuit: true } : next(specifier, context);
}
