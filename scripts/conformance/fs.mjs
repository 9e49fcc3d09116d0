// Node 20's file system with the one function that the conformance suite imports and its server scenarios do not call.
export * from "node:fs";
export { default } from "node:fs";
export function globSync() {
  throw new Error("fs.globSync is missing in this Node");
}
