import { createRequire } from "node:module";
import path from "node:path";
import type { Plugin } from "esbuild";

const NAMESPACE = "on-first-use";

/** The file for a package that is bundled by itself, next to the server's other files. */
export const lazyFile = (name: string): string => `${name.replace(/^@/, "").replaceAll("/", "-")}.cjs`;

/**
 * Loads CommonJS packages from separate files when one of their functions or classes is first used, instead of with the
 * code that imports them. Only functions and classes can then be imported from them: the build fails for anything else.
 */
export function lazyPackages(packages: readonly string[]): Plugin {
  return {
    name: NAMESPACE,
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^[^./]/ }, ({ path: name, resolveDir }) =>
        packages.includes(name) ? { path: name, namespace: NAMESPACE, pluginData: resolveDir } : undefined,
      );
      onLoad({ filter: /.*/, namespace: NAMESPACE }, async ({ path: name, pluginData }) => {
        const resolveDir = typeof pluginData === "string" ? pluginData : process.cwd();
        // The names are only known by loading the package.
        const exported: object = createRequire(path.join(resolveDir, "importer.js"))(name);
        const names = Object.entries(exported).flatMap(([key, value]) => (typeof value === "function" ? [key] : []));
        return { contents: standIn(name, names) };
      });
    },
  };
}

function standIn(name: string, names: readonly string[]): string {
  const exported = names
    .filter((key) => key !== "default")
    .map((key) => {
      return `export const ${key} = /* @__PURE__ */ onUse(${JSON.stringify(key)});`;
    });
  return `
import { createRequire } from "node:module";
let loaded;
const load = (name) => (loaded ??= createRequire(import.meta.url)("./${lazyFile(name)}"))[name];
const onUse = (name) => new Proxy(function () {}, {
  apply: (_, self, args) => Reflect.apply(load(name), self, args),
  construct: (_, args) => Reflect.construct(load(name), args),
  get: (_, key) => load(name)[key],
});
${exported.join("\n")}
`;
}
