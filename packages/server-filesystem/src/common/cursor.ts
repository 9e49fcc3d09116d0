import { createHash } from "node:crypto";
import { ToolError } from "@org/server-kit";
import type * as z from "zod";

/**
 * A cursor: the place to go on from, and of which question, so that one of another question is told apart. It names
 * a place and no number, so entries that come or go meanwhile make none appear twice or be passed over.
 */
export const encodeCursor = (question: unknown, place: unknown): string =>
  Buffer.from(JSON.stringify([keyOf(question), place])).toString("base64url");

/** @throws ToolError `invalid_input` for what is no cursor of this question */
export function decodeCursor<T>(question: unknown, schema: z.ZodType<T>, cursor: string | undefined): T | undefined {
  if (cursor === undefined) return undefined;
  try {
    const decoded: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    if (Array.isArray(decoded) && decoded[0] === keyOf(question)) return schema.parse(decoded[1]);
  } catch {
    // Told below.
  }
  throw new ToolError(
    "invalid_input",
    "cursor is not one of these arguments: pass it with those of the answer that gave it, or leave it out.",
  );
}

const keyOf = (question: unknown) =>
  createHash("sha256").update(JSON.stringify(question)).digest("base64url").slice(0, 8);
