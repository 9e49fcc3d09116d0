import { quote, ToolError } from "@org/server-kit";
import { OBJECT_ID } from "../git/object-id.ts";
import type { Runner } from "../git/types.ts";
import { didYouMean } from "../text/did-you-mean.ts";
import type { Repository } from "./types.ts";

const MOST_CHARACTERS = 1_000;
/** A branch as of a date: for dates before its log, git answers with the oldest entry, and only warns on stderr. */
const BY_DATE = /@\{(?!(?:-?\d+|u|upstream|push)\})/i;

export type ObjectKind = "commit" | "tree" | "blob" | "object";

/**
 * The object id of a revision. Only the id is passed to other commands: a branch may be named `--output=x`, and
 * `checkout`, `blame` and `grep` do not support `--end-of-options`.
 */
export async function resolveRevision(
  repository: Runner & Pick<Repository, "find" | "isShallow">,
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
  // Everything after `:/` is search text, so the commit that it finds is peeled in a second step.
  if (revision.startsWith(":/") && kind !== "object") {
    return resolveRevision(repository, await resolveRevision(repository, revision, signal, "object"), signal, kind);
  }
  // A range or `^x` would resolve to several objects.
  const peeled = kind === "object" ? anyObject(revision) : `${revision}^{${kind}}`;
  const found = BY_DATE.test(revision) ? undefined : await repository.find(peeled, signal);
  if (found) return found.id;
  const ask = ["rev-parse", "--verify", "--end-of-options", peeled];
  const { stdout, stderr, code } = await repository.answer(ask, { signal, codes: [0, 1, 128] });
  const [, begin] = /log for .* only goes back to (.*)/.exec(stderr) ?? [];
  if (begin !== undefined) {
    throw new ToolError(
      "not_found",
      `${quote(revision)} is not known: the log of where the branch was begins here at ${quote(begin.trim())}. For the last commit before a date, ` +
        "pass it to git_log as until, with max_count 1.",
    );
  }
  const id = stdout.toString("latin1").trim();
  if (code === 0 && OBJECT_ID.test(id)) return id;
  throw await notResolved(repository, revision, kind, `${stderr}`, signal);
}

/**
 * A full id resolves to itself even if it does not exist, unless it is peeled. After a colon comes a path or search
 * text.
 */
const anyObject = (revision: string) => (revision.includes(":") ? revision : `${revision}^{object}`);

async function notResolved(
  runner: Runner & Pick<Repository, "find" | "isShallow">,
  revision: string,
  kind: ObjectKind,
  stderr: string,
  signal: AbortSignal,
) {
  if (/ambiguous/.test(stderr)) {
    return new ToolError(
      "invalid_input",
      `${quote(revision)} is the beginning of several ids. Pass more characters of it.`,
    );
  }
  if (/^[^:]*\.\./.test(revision)) {
    return new ToolError(
      "invalid_input",
      `${quote(revision)} is a range; pass a single revision, such as HEAD~2. git_log takes ranges, git_diff the two sides as from and to.`,
    );
  }
  if (kind !== "object") {
    const ask = ["rev-parse", "--verify", "--end-of-options", anyObject(revision)];
    const { code } = await runner.answer(ask, { signal, codes: [0, 1, 128] });
    if (code === 0)
      return new ToolError(
        "invalid_input",
        `${quote(revision)} exists but is not a ${kind}; git_read_file reads files, with path and revision.`,
      );
  }
  const [, tip] = /^([^~^]+)[~^]/.exec(revision) ?? [];
  if (tip !== undefined && (await runner.find(`${tip}^{commit}`, signal))) {
    const end = runner.isShallow
      ? "history ends here before it (shallow clone). git fetch --unshallow brings the older commits"
      : `${quote(tip)} exists, but has no such ancestor. git_log lists those that it has`;
    return new ToolError("not_found", `no revision ${quote(revision)} in this repository: ${end}.`);
  }
  const refs = await runner.git(["for-each-ref", "--format=%(refname:lstrip=2)", "--count=5000"], { signal });
  if (/^(?:HEAD|@)(?![^~^@])/.test(revision) && !(await runner.find("HEAD^{object}", signal))) {
    return new ToolError(
      "not_found",
      `no revision ${quote(revision)}: the branch has no commits yet. git_status shows what could be in the first one.`,
    );
  }
  const names = refs.toString("utf8").split("\n").filter(Boolean);
  return new ToolError(
    "not_found",
    `no revision ${quote(revision)} in this repository.${didYouMean(revision, names)} git_branch lists branches and tags.`,
  );
}
