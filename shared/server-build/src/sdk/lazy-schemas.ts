import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";
import { Failure, messageOf } from "../failure.ts";
import { makeSchemasLazy } from "./lazy-text.ts";

const SDK = /[\\/]@modelcontextprotocol[\\/]server[\\/]dist[\\/][\w-]+\.mjs$/;
const CORE = "@modelcontextprotocol/core/internal";
const CORE_FILE = /[\\/]@modelcontextprotocol[\\/]core[\\/]dist[\\/][\w-]+\.mjs$/;
/** The part of the SDK that creates all schemas, to offer them by name. */
const BY_NAME = /(\/\/#region [^\n]*\/specTypeSchema\.ts\n)([\s\S]*?)(\/\/#endregion)/;
const LAZY = "?lazy";

/**
 * Creates the SDK's schemas on first use. The SDK creates 180 when it is loaded and 140 more for its first message;
 * that is a quarter of a server's start, but answering a host needs only two dozen. The build fails if the SDK's code
 * has an unexpected form.
 */
export const lazySchemas: Plugin = {
  name: "lazy-schemas",
  setup({ onStart, onResolve, onLoad, onEnd, resolve }) {
    let isUsed = false;
    let found: string[] = [];
    onStart(() => {
      [isUsed, found] = [false, []];
    });
    onLoad({ filter: SDK }, async ({ path }) => {
      isUsed = true;
      const source = await readFile(path, "utf8");
      return BY_NAME.test(source) ? load("SDK", () => makeSdkLazy(source)) : undefined;
    });
    // The SDK gets its own copy: other code that imports the core package must get schemas, not functions.
    onResolve({ filter: /^(?:@modelcontextprotocol\/core\/internal$|\.\/)/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData !== LAZY || (path !== CORE && !CORE_FILE.test(from.importer))) return undefined;
      return { ...(await resolve(path, from)), suffix: LAZY, pluginData: LAZY };
    });
    onLoad({ filter: CORE_FILE }, async ({ path, suffix }) => {
      if (suffix !== LAZY) return undefined;
      const source = await readFile(path, "utf8");
      return load(path.includes("schemas") ? "core" : "", () => makeCoreLazy(source));
    });
    onEnd(() => {
      const missing = ["SDK", "core"].filter((part) => isUsed && !found.includes(part));
      return { errors: missing.map((part) => ({ text: `The schemas of the ${part} are not where they were.` })) };
    });

    function load(part: string, make: () => string) {
      found.push(part);
      try {
        return { contents: make(), pluginData: LAZY };
      } catch (error) {
        return { errors: [{ text: messageOf(error) }] };
      }
    }
  },
};

/** @throws Failure when the text is not written as expected */
export function makeSdkLazy(source: string): string {
  // Separate and free of side effects, so that esbuild drops it from servers that use no schema by name.
  const marked = source.replace(BY_NAME, (_, start: string, body: string, end: string) =>
    [
      `${start}const byName = /* @__PURE__ */ (() => {`,
      `${body}return { specTypeSchemas, isSpecType };`,
      "})();",
      "const specTypeSchemas = /* @__PURE__ */ (() => byName.specTypeSchemas)();",
      `const isSpecType = /* @__PURE__ */ (() => byName.isSpecType)();\n${end}`,
    ].join("\n"),
  );
  const { text, builders, lists } = makeSchemasLazy(marked, {
    isLazyImport: (name, from) => from === CORE && name.endsWith("Schema"),
    exported: "schemas",
  });
  if (builders !== 2 || lists < 8) throw new Failure(`The SDK has ${builders} sets of schemas in ${lists} lists.`);
  return text;
}

/** @throws Failure when the text is not written as expected */
export function makeCoreLazy(source: string): string {
  return makeSchemasLazy(source, { isLazyImport: () => false, exported: "functions" }).text;
}
