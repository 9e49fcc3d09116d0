import { ToolError } from "@org/server-kit";
import { splitRecords } from "../git/records.ts";
import type { Repository } from "../repositories/types.ts";
import { showPath } from "../text/paths.ts";
import { namesOf } from "./names-of.ts";

/**
 * Staging a file in conflict removes its base, ours and theirs from the index, and would let conflict markers be
 * committed. Git recognizes markers; those that our side already had belong to the file.
 * @param paths files in conflict
 */
export async function refuseMarkers(
  repository: Repository,
  paths: readonly Buffer[],
  signal: AbortSignal,
): Promise<void> {
  if (paths.length === 0) return;
  const marked = new Set<string>();
  const check = repository.comparing(["diff", "--ours", "--check"], { signal, paths, codes: [0, 2] });
  let isContent = false;
  for await (const lines of splitRecords(check, "\n")) {
    for (const line of lines) {
      if (isContent) {
        isContent = false;
        continue;
      }
      const { path, what } = readComplaint(line);
      // A complaint about white space is followed by the line itself, which could look like another one.
      isContent = what.endsWith(".") && what !== "new blank line at EOF.";
      if (what === "leftover conflict marker") marked.add(path);
    }
  }
  if (marked.size === 0) return;
  throw new ToolError(
    "conflict",
    `conflict markers (<<<<<<<, >>>>>>>) are still in ${namesOf([...marked])}, and nothing was staged. Read base (:1), ours (:2) and theirs (:3) ` +
      "with git_read_file, edit the files, then git_add them. Markers that belong there can be staged by the user with `git add`.",
  );
}

/** `a.txt:12: trailing whitespace.` */
function readComplaint(line: Buffer): { readonly path: string; readonly what: string } {
  const [, path = "", what = ""] = /^(.+):\d+: (.+)$/.exec(line.toString("latin1")) ?? [];
  return { path: showPath(Buffer.from(path, "latin1")), what };
}
