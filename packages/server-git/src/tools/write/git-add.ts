import { defineTool, quote, ToolError, WRITES } from "@org/server-kit";
import * as z from "zod";
import type { Git } from "../../context.ts";
import { isUnder, pathIn } from "../../history/paths.ts";
import type { Repository } from "../../repositories/types.ts";
import { refuseFiltered } from "../../state/filters.ts";
import { refuseMarkers } from "../../state/markers.ts";
import { namesOf } from "../../state/names-of.ts";
import { isGitlink, readStaged, stagedChange } from "../../state/staged.ts";
import { readStatus, type StatusRow } from "../../state/status-records.ts";
import { didYouMean } from "../../text/did-you-mean.ts";
import { readPath, showPath } from "../../text/paths.ts";
import { repoPath, StagedRows, stagedPage, Where } from "../fields.ts";

export const gitAdd = defineTool({
  name: "git_add",
  title: "Stage files",
  description:
    "Stages changed, new and deleted files for the next commit, and says what was staged. Refuses ignored files. git_reset unstages.",
  annotations: { ...WRITES, idempotentHint: true },
  input: z.strictObject({
    repo_path: repoPath,
    files: z
      .array(z.string())
      .min(1)
      .max(1000)
      .describe("Files or folders in the work tree, taken literally; . is everything. 1 to 1000."),
  }),
  output: z.object({ ...Where, ...StagedRows }),
  async run({ repo_path, files }, { repositories }: Git, { signal, maxOutput }) {
    const repository = await repositories.open(repo_path, signal);
    const paths = files.map((file) => pathIn(repository, file));
    const { before, after } = await repository.change(async (repository) => {
      const changed = await changedIn(repository, paths, signal);
      await refuseFiltered(repository, changed.map(pathOf), signal);
      await refuseMarkers(repository, changed.filter(({ state }) => state === "conflict").map(pathOf), signal);
      const before = await readStaged(repository, signal);
      await add(repository, paths, signal);
      return { before, after: await readStaged(repository, signal) };
    });
    const notes: string[] = [];
    const staged = [...after].filter(([path, facts]) => before.get(path) !== facts);
    // A file that matches HEAD again is no longer staged.
    const back = [...before.keys()].filter((path) => !after.has(path));
    const links = staged.filter(([, facts]) => isGitlink(facts)).map(([path]) => path);
    for (const link of links) {
      notes.push(
        `${quote(link, 200)} is a repository of its own: only its current commit was staged, none of its files.`,
      );
    }
    if (staged.length + back.length === 0) {
      notes.push("Nothing new was staged: these paths have no changes that are not staged already.");
    }
    const rows = [
      ...staged.map(([path, facts]) => ({ path, change: stagedChange(facts) })),
      ...back.map((path) => ({ path, change: "as in HEAD again" })),
    ];
    return { ...(await repository.where(signal)), ...stagedPage(rows, after.size, notes, maxOutput) };
  },
  render: ({ work_tree, branch, files, total, in_index, notes }) =>
    [
      `Staged ${total} of ${in_index} for the next commit in work tree ${work_tree}, branch ${branch}`,
      ...files.map(({ path, change }) => `  ${change}: ${path}`),
      ...(total > files.length ? [`  … and ${total - files.length} more (git_status)`] : []),
      ...notes,
    ].join("\n"),
});

/** With more paths than this, git would take longer to match them than to look at everything. */
const FEW = 100;

/** The changed and new files at these paths. */
async function changedIn(repository: Repository, paths: readonly Buffer[], signal: AbortSignal): Promise<StatusRow[]> {
  const args = ["status", "--porcelain=v2", "-z", "--no-renames", "--untracked-files=all", "--ignore-submodules=dirty"];
  const isNamed = isUnder(paths);
  const { rows } = await readStatus(repository.batches(args, { signal, paths: paths.length <= FEW ? paths : [] }));
  return rows.filter(
    ({ path, state, change }) => state !== "staged" && change !== "deleted" && isNamed(readPath(path)),
  );
}

const pathOf = ({ path }: StatusRow) => readPath(path);

async function add(repository: Repository, paths: readonly Buffer[], signal: AbortSignal): Promise<void> {
  // Git stages the other files before it reports the ignored ones, so this asks first. check-ignore does not support
  // literal paths, but a path after ./ has no special meaning.
  const runner = repository.withSettings([], { GIT_LITERAL_PATHSPECS: "0" });
  const check = await runner.answer(["check-ignore", "-z", "--stdin"], {
    signal,
    input: inRows("./", paths),
    codes: [0, 1, 128],
  });
  if (check.code === 0) {
    const ignored = check.stdout
      .toString("latin1")
      .split("\0")
      .filter(Boolean)
      .map((path) => showPath(Buffer.from(path.slice("./".length), "latin1")));
    throw new ToolError(
      "invalid_input",
      `ignored by .gitignore, and nothing was staged: ${namesOf(ignored)}. Leave these paths out; a user who wants them can run ` +
        "`git add --force`.",
    );
  }
  const links = await gitlinks(repository, signal);
  const files = paths.filter((path) => !links.some((link) => link.equals(path)));
  if (files.length > 0) await addFiles(repository, files, links, signal);
  const wanted = links.filter((link) => paths.some((path) => isIn(link, path)));
  if (wanted.length === 0) return;
  await repository.git(["update-index", "--remove", "-z", "--stdin"], { signal, input: inRows("", wanted) });
}

/**
 * `git add` would start another git in each submodule on its way, to see whether it has changed, with whatever filters
 * that submodule configures; no setting prevents it. So submodules are left out here, and staged by their commit.
 */
async function addFiles(
  repository: Repository,
  paths: readonly Buffer[],
  links: readonly Buffer[],
  signal: AbortSignal,
): Promise<void> {
  const args = ["add", "--all", "--pathspec-from-file=-", "--pathspec-file-nul"];
  const input = Buffer.concat([inRows(":(literal)", paths), inRows(":(exclude,literal)", links)]);
  const runner = repository.withSettings([], { GIT_LITERAL_PATHSPECS: "0" });
  const { code, stderr } = await runner.answer(args, { signal, input, codes: [0, 1, 128] });
  if (code === 0) return;
  const [, missing] = /pathspec ':\(literal\)([\s\S]+?)' did not match any files/.exec(stderr) ?? [];
  if (missing !== undefined) throw await notThere(repository, missing, signal);
  if (/is beyond a symbolic link/.test(stderr)) {
    throw new ToolError(
      "access_denied",
      "a path leads through a symbolic link; name the file by the folder that it is really in.",
    );
  }
  if (/is in submodule/.test(stderr)) {
    throw new ToolError("invalid_input", "a path lies in a submodule. Pass the submodule's folder as repo_path.");
  }
  throw repository.failure(args, { code, stderr });
}

/** The paths of submodules, and of other repositories that are staged. */
async function gitlinks(repository: Repository, signal: AbortSignal): Promise<Buffer[]> {
  const found: Buffer[] = [];
  for await (const batch of repository.batches(["ls-files", "--stage", "-z"], { signal })) {
    for (const record of batch) {
      if (record.toString("latin1", 0, 6) === "160000")
        found.push(Buffer.from(record.subarray(record.indexOf("\t") + 1)));
    }
  }
  return found;
}

const isIn = (path: Buffer, folder: Buffer) =>
  folder.toString() === "." || path.equals(folder) || path.indexOf(Buffer.concat([folder, Buffer.from("/")])) === 0;

const inRows = (before: string, paths: readonly Buffer[]) =>
  Buffer.concat(paths.flatMap((path) => [Buffer.from(before), path, Buffer.from("\0")]));

async function notThere(repository: Repository, path: string, signal: AbortSignal): Promise<ToolError> {
  const names: string[] = [];
  const args = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
  for await (const record of repository.records(args, { signal })) {
    names.push(record.toString("utf8"));
    if (names.length >= 20_000) break;
  }
  const literally = /[*?[]/.test(path) ? " Names are taken literally: pass the folder, or each file." : "";
  const hint = didYouMean(path, names) || literally;
  return new ToolError(
    "not_found",
    `${quote(path, 200)} is not there, and nothing was staged.${hint} git_status lists what is changed.`,
  );
}
