import path from "node:path";
import type { Plugin } from "esbuild";

/**
 * Replaces the SDK's `_shims`, which loads 150 KB of AJV on every start although a server that validates its own
 * arguments never uses it. It has the same exports; the validator (the SDK's public one without code generation) loads
 * when something validates. With `require`, because getValidator is synchronous.
 */
export const LAZY_SHIM = `
import process from "node:process";
let validator;
export class DefaultJsonSchemaValidator {
  getValidator(schema) {
    validator ??= new (require("@modelcontextprotocol/server/validators/cf-worker").CfWorkerJsonSchemaValidator)();
    return validator.getValidator(schema);
  }
}
export { process };
`;

/**
 * Replaces the SDK's private shims. Should the SDK ever import another name from them, esbuild fails the
 * build with "No matching export"; a test compares the names as well.
 */
export const lazyValidator: Plugin = {
  name: "lazy-validator",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@modelcontextprotocol\/server\/_shims$/ }, ({ importer }) => ({
      path: "lazy-validator",
      namespace: "lazy-validator",
      // Resolved from the SDK itself, wherever the package manager put it.
      pluginData: path.dirname(importer),
    }));
    onLoad({ filter: /.*/, namespace: "lazy-validator" }, ({ pluginData }) => ({
      contents: LAZY_SHIM,
      resolveDir: typeof pluginData === "string" ? pluginData : process.cwd(),
    }));
  },
};
