import { randomUUID } from "node:crypto";

/** Encloses text written by others in lines with a tag that it cannot guess. `instructions` says what the fence means. */
export function fenced(text: string): string {
  const tag = `rows-${randomUUID().slice(0, 6)}`;
  return `<${tag}>\n${text}\n</${tag}>`;
}

/** Characters that a fence adds. */
export const FENCE_LENGTH = fenced("").length;
