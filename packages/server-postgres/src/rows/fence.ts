import { randomBytes } from "node:crypto";

export function fenced(text: string): string {
  const tag = randomBytes(3).toString("hex");
  return `<rows-${tag}>\n${text}\n</rows-${tag}>`;
}
