import { quote, ToolError } from "@org/server-kit";
import type { Place } from "./types.ts";

/**
 * Refuses to take away an allowed directory, the trash, or a directory that contains one. @param done the operation:
 * "moved", "deleted" @throws ToolError access_denied
 */
export function refuseKept({ path, given, rules }: Place, done: string): void {
  const holds = rules.nested.some((nested) => nested.path === path || nested.path.startsWith(`${path}/`));
  if (path !== "" && !holds) return;
  const what = path === "" ? "is an allowed directory itself" : "is or contains an allowed directory or the trash";
  throw new ToolError("access_denied", `${quote(given, 200)} ${what}, which cannot be ${done}. Name something in it.`);
}

/** Whether this server may change a place. */
export const isWritable = ({ root, path, rules }: Place): boolean =>
  !root.readOnly &&
  !rules.nested.some((nested) => !nested.writable && (path === nested.path || path.startsWith(`${nested.path}/`)));
