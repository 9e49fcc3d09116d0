import { randomUUID } from "node:crypto";

/**
 * Text that others wrote, between lines with a tag that nothing in it can know. `instructions` says what the fence means.
 */
export function fenced(text: string): string {
  const tag = `rows-${randomUUID().slice(0, 6)}`;
  return `<${tag}>\n${text}\n</${tag}>`;
}

/** Characters that a fence adds. */
export const FENCE_LENGTH = fenced("").length;
