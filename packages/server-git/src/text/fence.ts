import { randomBytes } from "node:crypto";

/**
 * Encloses text written by others between two tags with a random number, so that the text cannot forge the closing tag.
 * The server's instructions tell the model what the tags mean.
 */
export function fence(text: string): string {
  const tag = `from-repository-${randomBytes(4).toString("hex")}`;
  return `<${tag}>\n${text}${text.endsWith("\n") ? "" : "\n"}</${tag}>`;
}
