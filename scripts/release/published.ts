import { appendFileSync, readFileSync } from "node:fs";
import process from "node:process";

/** A package that this release published. */
export interface Published {
  readonly name: string;
  readonly version: string;
  /** Relative to the root of the repository. */
  readonly folder: string;
}

/** Tells later jobs of the workflow what was published. */
export function report(published: readonly Published[]): void {
  const { GITHUB_OUTPUT } = process.env;
  if (GITHUB_OUTPUT) appendFileSync(GITHUB_OUTPUT, `published=${JSON.stringify(published)}\n`);
}

/** Reads that in a later job: from the variable PUBLISHED, or from a file given on the command line. */
export function readPublished(): Published[] {
  const [file] = process.argv.slice(2);
  const text = file === undefined ? process.env.PUBLISHED : readFileSync(file, "utf8");
  if (!text) throw new Error("Set PUBLISHED to what publish.ts reported.");
  return JSON.parse(text);
}
