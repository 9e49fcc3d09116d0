import path from "node:path";
import type { Plugin } from "esbuild";

/**
 * Stands in for the SDK's `_shims`, which pulls 150 KB of AJV into every start although a server that
 * validates its own arguments never asks for it. Same exports; the validator (the SDK's public one without
 * code generation) is evaluated when something validates. `require`, since getValidator answers at once.
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
      // The validator is resolved from the SDK itself, wherever a package manager put it.
      pluginData: path.dirname(importer),
    }));
    onLoad({ filter: /.*/, namespace: "lazy-validator" }, ({ pluginData }) => ({
      contents: LAZY_SHIM,
      resolveDir: typeof pluginData === "string" ? pluginData : process.cwd(),
    }));
  },
};
