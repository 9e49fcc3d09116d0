import { statSync } from "node:fs";
import { relative } from "node:path";
import { quote, ToolError } from "@org/server-kit";
import { isInside } from "./inside.ts";

interface Failed {
  readonly args: readonly string[];
  readonly code: number;
  readonly stderr: string;
  /** The folders whose paths a message may name. */
  readonly folders: readonly string[];
  /**
   * Whether the repository is a partial clone: newer versions of git do not give this as the reason for a missing
   * object.
   */
  readonly isPartial: boolean;
}

type Rule = readonly [pattern: RegExp, toError: (match: RegExpExecArray, failed: Failed) => ToolError];

const says =
  (...error: ConstructorParameters<typeof ToolError>) =>
  () =>
    new ToolError(...error);

const notFetched = says(
  "unavailable",
  "objects that this needs are not here: the repository is a partial clone, and nothing is fetched while reading. " +
    "Ask the user to fetch them, for instance with `git checkout` or `git log -p` of the same range.",
  { retryable: false },
);

const damaged = says(
  "not_found",
  "an object of the history is missing or damaged here. `git fsck` in the repository says which.",
);

const notStarted = says(
  "unavailable",
  "git was not found, or the work tree has gone. Install git 2.36 or later where PATH finds it, then repeat the call.",
);

/** Processes, open files or memory are used up. */
const noMore = says(
  "unavailable",
  "the system cannot start another program right now. Repeat the call, with fewer at a time, or let the user raise the limits on " +
    "processes and open files.",
  { retryable: true, retryAfterMs: 1_000 },
);

/** Git's stderr messages and what they mean for the caller. The first match wins. */
const RULES: readonly Rule[] = [
  // When a waiting process (waiting.ts) ran the command.
  [/^xargs: .*(?:fork|temporarily unavailable)/, noMore],
  [/^xargs: git: (?!terminated|exited)|^fatal: cannot change to '/, notStarted],
  [
    /terminated by signal (\w+)$/m,
    ([, signal = ""]) =>
      new ToolError(
        "unavailable",
        `git was ended by signal ${signal}. The machine may be short of memory, or git itself has failed; it may work when repeated.`,
      ),
  ],
  [/Unable to create '(.+\.lock)': File exists/i, ([, path = ""], failed) => lockError(path, failed)],
  [/cannot lock ref '([^']+)'/i, ([, ref = ""]) => busyRef(ref)],
  [
    /Author identity unknown|Committer identity unknown|empty ident name|Please tell me who you are/i,
    says(
      "unavailable",
      "git does not know who commits here, and nothing was changed. Ask the user to run " +
        '`git config --global user.name "…"` and `git config --global user.email …`, then repeat the call.',
      { retryable: false },
    ),
  ],
  [/promisor remote|lazy fetching|missing blob|could not fetch .+ from promisor/i, notFetched],
  [
    /unexpected line in .*packed-refs/i,
    says("unsupported", "git cannot read .git/packed-refs. Ask the user to look at it: a line of it is damaged."),
  ],
  [
    /bad config|invalid config|bad (?:boolean|numeric) config value|bad line \d+ in config/i,
    says("unsupported", "git cannot read the configuration. `git config --list` there names the wrong line."),
  ],
  [
    /unknown repository extension|Expected git repo version|repository format/i,
    says("unsupported", "the repository has a format that this git does not know. Update git, then repeat the call."),
  ],
  [
    /Permission denied|insufficient permission|Read-only file system|Operation not permitted/i,
    says("access_denied", "the file system refused access. Check who owns the repository's files, and their rights."),
  ],
  [/No space left|Disk quota exceeded/i, says("unavailable", "the disk is full. Make room, then repeat the call.")],
  [
    /unknown option|unknown switch|unrecognized argument|usage: git/i,
    ({ input }) =>
      new ToolError(
        "unsupported",
        `this git is too old for it: ${quote(firstLine(input), 160)}. Update git to 2.36 or later.`,
      ),
  ],
  [
    /Out of memory|Cannot allocate memory/i,
    says("too_large", "git needs more memory for it than there is: the index or an object is too large, or damaged."),
  ],
  [
    /index file (?:corrupt|smaller|open failed)|bad index file|bad signature/i,
    says(
      "unsupported",
      "the index is damaged. Ask the user to look at `git fsck`; removing .git/index and `git reset` rebuilds it.",
    ),
  ],
  [
    /bad object|bad file|unable to read|cannot read blob|loose object|missing|corrupt/i,
    (_, { isPartial }) => (isPartial ? notFetched() : damaged()),
  ],
];

/** The error for a failed command. If no rule matches, it quotes git, without paths outside the served folders. */
export function toToolError(failed: Failed): ToolError {
  for (const [pattern, toError] of RULES) {
    const match = pattern.exec(failed.stderr);
    if (match) return toError(match, failed);
  }
  const [command = "git"] = failed.args;
  const words = quote(withoutPaths(firstLine(failed.stderr), failed.folders), 300);
  return new ToolError("conflict", `git ${command} failed: ${words}. git_status shows the state of the repository.`);
}

/** Git's first `fatal: …` or `error: …` line. */
function firstLine(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("hint:"));
  const line = lines.find((one) => /^(?:fatal|error):/.test(one)) ?? lines[0] ?? "no reason given";
  return line.replace(/^(?:fatal|error): /, "");
}

function withoutPaths(text: string, folders: readonly string[]): string {
  return text.replace(/(?<=^|[\s'"(=:])\/[^\s'"):]+/g, (path) =>
    folders.some((folder) => isInside(folder, path)) ? path : "[a path outside]",
  );
}

function lockError(path: string, { folders }: Failed): ToolError {
  const folder = folders.find((one) => isInside(one, path));
  const name = folder === undefined ? "a lock file" : quote(relative(folder, path), 200);
  return new ToolError(
    "unavailable",
    `another program holds the lock ${name}${ageOf(path)}; nothing was changed. Repeat the call. If it stays: check that no ` +
      "git command and no editor is at work in this repository, then let the user remove that file. It is never removed here.",
    { retryable: true, retryAfterMs: 1_000 },
  );
}

function ageOf(path: string): string {
  try {
    return `, ${Math.max(0, Math.round((Date.now() - statSync(path).mtimeMs) / 1_000))} s old`;
  } catch {
    return ", which has just been released";
  }
}

const busyRef = (ref: string) =>
  new ToolError(
    "conflict",
    `${quote(ref)} was changed or is held by another program meanwhile; this change was not made. Look at git_status and repeat the call.`,
    { retryable: true },
  );

/** Why git could not be started, from Node.js's own message, which simple-git passes on as text. */
export function startFailure(error: unknown): unknown {
  const words = String(error);
  if (/spawn .*ENOENT|directory that does not exist/.test(words)) {
    return notStarted();
  }
  if (/spawn .*(?:EMFILE|ENFILE|EAGAIN|ENOMEM)/.test(words)) return noMore();
  if (/spawn .*E2BIG/.test(words)) {
    return new ToolError(
      "too_large",
      "the arguments are too long for one command. Shorten the text, or name fewer paths, or their folder.",
    );
  }
  return error;
}

/** Runs a start that may fail at once: Node.js emits some failures, and throws others, such as E2BIG. */
export function starting<T>(begin: () => T): T {
  try {
    return begin();
  } catch (error) {
    throw startFailure(error);
  }
}

export const tooLarge = (bytes: number): ToolError =>
  new ToolError(
    "too_large",
    `git answered with more than ${bytes >> 20} MiB. Ask for fewer paths or commits, or a smaller file.`,
  );
