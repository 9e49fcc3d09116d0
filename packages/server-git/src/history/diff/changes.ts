import type { Reader } from "../reader.ts";
import type { FileChange } from "../types.ts";

const COLON = 0x3a;

/** What makes git's comparison the same under any configuration of the user or the repository. */
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
 * Reads the list of files that `--raw --numstat -z` writes, up to the empty record before the patch, the next commit or the
 * end. Names are in NULs, so they may hold anything.
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
  // One line of figures for each file, in the same order.
  for (const change of changes) {
    const [added = "", removed = ""] = text(await reader.field()).split("\t", 2);
    // Of a renamed file, both names follow.
    if (change.from) await reader.fields(2);
    const lines = added === "-" ? {} : { added: Number(added), removed: Number(removed) };
    merge(counted, { ...change, ...lines });
  }
  // The list ends with an empty record where a patch follows.
  if ((await reader.peek()) === 0) await reader.field();
  return counted;
}

/** A conflict comes twice, as unmerged and as changed against our side: here once. */
function merge(counted: FileChange[], change: FileChange): void {
  const last = counted.at(-1);
  const isAgain = last?.status === "U" && last.path.equals(change.path);
  if (isAgain) counted[counted.length - 1] = { ...change, status: "U", isUnmerged: true };
  else counted.push(change.status === "U" ? { ...change, isUnmerged: true } : change);
}

const text = (field: Buffer | undefined) => field?.toString("latin1") ?? "";
/** Apart from the piece that it was read in, which would be kept for it. */
const copy = (field: Buffer | undefined) => Buffer.from(field ?? "");
