import { createRequire } from "node:module";
import type { Plugin } from "esbuild";

const NAMESPACE = "lazy-builtins";
/**
 * Modules that are expensive to import: node:crypto takes 3 ms of a start, and an import of node:util or node:buffer
 * evaluates parts, even the code for threads, that `require` would load only when used.
 */
const BUILTINS = ["node:crypto", "node:util", "node:buffer"];
const IMPORTS = new RegExp(`^(?:node:)?(?:${BUILTINS.map((name) => name.slice("node:".length)).join("|")})$`);

/** Loads these parts of Node when one of their functions is first called. Their other exports are available at once. */
export const lazyBuiltins: Plugin = {
  name: NAMESPACE,
  setup({ onResolve, onLoad }) {
    onResolve({ filter: IMPORTS }, ({ path, kind }) =>
      kind === "import-statement" ? { path: `node:${path.replace("node:", "")}`, namespace: NAMESPACE } : undefined,
    );
    onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path }) => ({ contents: standIn(path) }));
  },
};

function standIn(name: string): string {
  const builtin: object = createRequire(import.meta.url)(name);
  const exported = Object.entries(Object.getOwnPropertyDescriptors(builtin)).map(([key, { value }]) => {
    const make = typeof value === "function" ? "onUse" : "load";
    return `export const ${key} = /* @__PURE__ */ ${make}(${JSON.stringify(key)});`;
  });
  return `
import { createRequire } from "node:module";
let loaded;
const load = (name) => (loaded ??= createRequire(import.meta.url)(${JSON.stringify(name)}))[name];
const onUse = (name) => new Proxy(function () {}, {
  apply: (_, self, args) => Reflect.apply(load(name), self, args),
  construct: (_, args, made) => Reflect.construct(load(name), args, made),
  get: (_, key) => load(name)[key],
});
${exported.join("\n")}
export default /* @__PURE__ */ new Proxy({}, { get: (_, key) => load(key) });
`;
}
