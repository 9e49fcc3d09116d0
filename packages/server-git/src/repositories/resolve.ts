import { nearest, quote, ToolError } from "@org/server-kit";
import type { Runner } from "../git/types.ts";
import type { Repository } from "./types.ts";

const MOST_CHARACTERS = 1_000;
const ID = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

export type ObjectKind = "commit" | "tree" | "blob" | "object";

/**
 * The id of what a revision names. Nothing else of it reaches another command: a branch may be named `--output=x`, and
 * `checkout`, `blame` and `grep` do not know `--end-of-options`.
 */
export async function resolveRevision(
  runner: Runner & Pick<Repository, "find">,
  revision: string,
  signal: AbortSignal,
  kind: ObjectKind = "commit",
): Promise<string> {
  if (revision.length > MOST_CHARACTERS || /[\0\n\r]/.test(revision) || revision.trim() === "") {
    throw new ToolError(
      "invalid_input",
      "a revision is one line: a branch, a tag, a commit id, HEAD, HEAD~2, main@{1}.",
    );
  }
  // A range or `^x` would resolve to several objects.
  const peel = kind === "object" ? "" : `^{${kind}}`;
  const found = await runner.find(`${revision}${peel}`, signal);
  if (found) return found.id;
  const ask = ["rev-parse", "--verify", "--end-of-options", `${revision}${peel}`];
  const { stdout, stderr, code } = await runner.answer(ask, { signal, codes: [0, 1, 128] });
  const id = stdout.toString("latin1").trim();
  if (code === 0 && ID.test(id)) return id;
  throw await notResolved(runner, revision, kind, `${stderr}`, signal);
}

async function notResolved(runner: Runner, revision: string, kind: ObjectKind, stderr: string, signal: AbortSignal) {
  if (/ambiguous/.test(stderr)) {
    return new ToolError(
      "invalid_input",
      `${quote(revision)} is the beginning of several ids. Pass more characters of it.`,
    );
  }
  if (/\.\./.test(revision)) {
    return new ToolError(
      "invalid_input",
      `${quote(revision)} is a range; pass a single revision, such as HEAD~2. git_log takes ranges, git_diff the two sides as from and to.`,
    );
  }
  if (kind !== "object") {
    const { code } = await runner.answer(["rev-parse", "--verify", "--end-of-options", revision], {
      signal,
      codes: [0, 1, 128],
    });
    if (code === 0)
      return new ToolError(
        "invalid_input",
        `${quote(revision)} exists but is not a ${kind}; git_read_file reads files, with path and revision.`,
      );
  }
  const refs = await runner.git(["for-each-ref", "--format=%(refname:lstrip=2)", "--count=5000"], { signal });
  const names = refs.toString("utf8").split("\n").filter(Boolean);
  const close = nearest(
    revision,
    names.flatMap(
      (name) =>
        [
          [name, name],
          [name.replace(/^.*\//, ""), name],
        ] as const,
    ),
  );
  const hint = close.length > 0 ? ` Did you mean ${close.map((name) => quote(name)).join(" or ")}?` : "";
  return new ToolError(
    "not_found",
    `no revision ${quote(revision)} in this repository.${hint} git_branch lists branches and tags.`,
  );
}
