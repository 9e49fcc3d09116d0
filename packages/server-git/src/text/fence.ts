import { randomBytes } from "node:crypto";

/**
 * Encloses text that others wrote between two tags with a number that they could not know, so that it cannot pretend to
 * have ended. The server's instructions tell the model what the tags mean.
 */
export function fence(text: string): string {
  const tag = `from-repository-${randomBytes(4).toString("hex")}`;
  return `<${tag}>\n${text}${text.endsWith("\n") ? "" : "\n"}</${tag}>`;
}
