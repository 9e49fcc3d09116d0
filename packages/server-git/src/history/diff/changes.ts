import type { Reader } from "../reader.ts";
import type { FileChange } from "../types.ts";

const COLON = 0x3a;

/** Makes git's comparison the same under any configuration of the user or the repository. */
export const COMPARE = [
  ...["--raw", "--numstat", "-z", "--no-abbrev", "--full-index", "--no-color", "--no-ext-diff", "--no-textconv"],
  ...[
    "--ignore-submodules=dirty",
    "--submodule=short",
    "--no-relative",
    "--src-prefix=a/",
    "--dst-prefix=b/",
    "-O/dev/null",
  ],
  ...["--find-renames", "-l2000", "--diff-algorithm=default", "--indent-heuristic", "--inter-hunk-context=0"],
];

type Raw = Omit<FileChange, "added" | "removed">;

/**
 * Reads the list of files that `--raw --numstat -z` writes, up to the empty record before the patch, the next commit or
 * the end. Names end with NUL, so they may contain anything else.
 */
export async function readChanges(reader: Reader): Promise<FileChange[]> {
  const changes: Raw[] = [];
  for (let isFirst = true; ; isFirst = false) {
    if (isFirst && (await reader.peek()) === 10) await reader.line(0);
    if ((await reader.peek()) !== COLON) break;
    const fields = text(await reader.field())
      .slice(1)
      .split(" ");
    const [oldMode = "", newMode = "", oldId = "", newId = "", status = ""] = fields;
    const path = copy(await reader.field());
    const kind = status.slice(0, 1);
    const isPair = kind === "R" || kind === "C";
    changes.push({
      status: kind,
      ...(isPair ? { from: path, path: copy(await reader.field()), similarity: Number(status.slice(1)) } : { path }),
      ...{ oldMode, newMode, oldId, newId },
    });
  }
  const counted: FileChange[] = [];
  // Then one line of counts for each file, in the same order.
  for (const change of changes) {
    const [added = "", removed = ""] = text(await reader.field()).split("\t", 2);
    // For a renamed file, both names follow.
    if (change.from) await reader.fields(2);
    const lines = added === "-" ? {} : { added: Number(added), removed: Number(removed) };
    merge(counted, { ...change, ...lines });
  }
  // When a patch follows, an empty record ends the list.
  if ((await reader.peek()) === 0) await reader.field();
  return counted;
}

/** Git lists a conflict twice, as unmerged and as a change against our side; this merges the two. */
function merge(counted: FileChange[], change: FileChange): void {
  const last = counted.at(-1);
  const isAgain = last?.status === "U" && last.path.equals(change.path);
  if (isAgain) counted[counted.length - 1] = { ...change, status: "U", isUnmerged: true };
  else counted.push(change.status === "U" ? { ...change, isUnmerged: true } : change);
}

const text = (field: Buffer | undefined) => field?.toString("latin1") ?? "";
/** A copy, so that a short field does not keep the large piece that it was read from in memory. */
const copy = (field: Buffer | undefined) => Buffer.from(field ?? "");
