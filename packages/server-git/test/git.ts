import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A user without any configuration; each test configures what it needs in the repository. */
const env = {
  PATH: process.env.PATH,
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_AUTHOR_NAME: "Ada Lovelace",
  GIT_AUTHOR_EMAIL: "ada@example.com",
  GIT_COMMITTER_NAME: "Ada Lovelace",
  GIT_COMMITTER_EMAIL: "ada@example.com",
  LC_ALL: "C.UTF-8",
};

export type Git = ReturnType<typeof gitIn>;

/** Plain git in a folder, as a person runs it; commits are a minute apart, so their order is definite. */
export function gitIn(folder: string) {
  let minute = 0;
  const run = (args: readonly string[], options: { input?: string | Buffer; env?: Record<string, string> } = {}) => {
    const date = `2026-03-01T10:${String(minute % 60).padStart(2, "0")}:00 +0100`;
    minute += 1;
    return execFileSync("git", [...args], {
      cwd: folder,
      env: { ...env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date, ...options.env },
      input: options.input ?? "",
      stdio: ["pipe", "pipe", "pipe"],
    });
  };
  const git = (...args: string[]) => run(args).toString().trimEnd();
  return Object.assign(git, {
    run,
    folder,
    write(name: string | Buffer, content: string | Buffer) {
      const at = typeof name === "string" ? join(folder, name) : Buffer.concat([Buffer.from(`${folder}/`), name]);
      if (typeof at === "string") mkdirSync(dirname(at), { recursive: true });
      writeFileSync(at, content);
    },
    /** Commits everything; returns the id. */
    commit(message: string, ...options: string[]) {
      git("add", "--all");
      run(["commit", "--quiet", "--allow-empty", "--cleanup=verbatim", "-F", "-", ...options], { input: message });
      return git("rev-parse", "HEAD");
    },
  });
}

/** A new repository. */
export function newRepository(folder: string): Git {
  mkdirSync(folder, { recursive: true });
  const git = gitIn(folder);
  git("init", "--quiet", "--initial-branch=main");
  return git;
}

/** Settings of users and hostile repositories, none of which may change an answer. */
export const ODD_CONFIGURATION: readonly (readonly [string, string])[] = [
  ["log.showSignature", "true"],
  ["log.decorate", "full"],
  ["log.abbrevCommit", "true"],
  ["log.date", "relative"],
  ["log.follow", "true"],
  ["log.showRoot", "false"],
  ["log.mailmap", "false"],
  ["log.excludeDecoration", "refs/*"],
  ["log.diffMerges", "off"],
  ["format.pretty", "oneline"],
  ["color.ui", "always"],
  ["color.diff", "always"],
  ["diff.noprefix", "true"],
  ["diff.mnemonicPrefix", "true"],
  ["diff.renames", "false"],
  ["diff.renameLimit", "1"],
  ["status.renameLimit", "1"],
  ["diff.algorithm", "patience"],
  ["diff.context", "0"],
  ["diff.interHunkContext", "10"],
  ["diff.external", "false"],
  ["diff.orderFile", "order"],
  ["diff.relative", "true"],
  ["diff.submodule", "log"],
  ["diff.wordRegex", "."],
  ["diff.suppressBlankEmpty", "true"],
  ["diff.autoRefreshIndex", "false"],
  ["diff.colorMoved", "zebra"],
  ["core.quotePath", "true"],
  ["core.abbrev", "4"],
  ["core.pager", "false"],
  ["i18n.logOutputEncoding", "ISO-8859-1"],
  ["blame.showEmail", "true"],
  ["blame.date", "relative"],
  ["blame.blankBoundary", "true"],
  ["blame.ignoreRevsFile", "ignored"],
  ["blame.markIgnoredLines", "true"],
  ["grep.lineNumber", "false"],
  ["grep.column", "true"],
  ["grep.patternType", "perl"],
  ["grep.extendedRegexp", "true"],
  ["grep.fullName", "false"],
  ["trailer.separators", "="],
  ["submodule.recurse", "true"],
  ["notes.displayRef", "refs/notes/*"],
];
