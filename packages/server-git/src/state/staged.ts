import type { Repository } from "../repositories/types.ts";
import { showPath } from "../text/paths.ts";

/** The empty tree, with which the index of a branch without commits is compared. */
const EMPTY_TREE = {
  40: "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
  64: "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74de5cc321",
};

/** Where the index differs from HEAD: the state of each path, as a string to compare. */
export async function readStaged(repository: Repository, signal: AbortSignal): Promise<Map<string, string>> {
  const { commit } = await repository.head(signal);
  const base = commit ?? (repository.config("extensions.objectformat") === "sha256" ? EMPTY_TREE[64] : EMPTY_TREE[40]);
  const args = [
    "diff-index",
    "--cached",
    "--raw",
    "-z",
    "--no-renames",
    "--ignore-submodules=none",
    "--abbrev=40",
    base,
  ];
  const staged = new Map<string, string>();
  let facts = "";
  for await (const record of repository.records(args, { signal })) {
    if (facts === "") facts = record.toString("latin1");
    else {
      staged.set(showPath(record), facts);
      facts = "";
    }
  }
  return staged;
}

const LETTERS = { A: "added", M: "modified", D: "deleted", T: "type changed", U: "in conflict" } as const;

/** The kind of change in `:100644 100644 abc def M`. */
export function stagedChange(facts: string): string {
  const letter = facts.split(" ")[4]?.charAt(0);
  return Object.entries(LETTERS).find(([key]) => key === letter)?.[1] ?? "changed";
}

/** Whether a commit of another repository was added, rather than a file. */
export const isGitlink = (facts: string): boolean => facts.split(" ")[1] === "160000";
