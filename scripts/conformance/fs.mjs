// Node 20's file system, plus the one function that the conformance suite imports but does not call in server scenarios.
export * from "node:fs";
export { default } from "node:fs";
export function globSync() {
  throw new Error("fs.globSync is missing in this Node");
}
