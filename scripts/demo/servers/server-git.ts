import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import type { Client } from "@modelcontextprotocol/client";
import { asking, call, type Demo, has } from "../play.ts";
import type { Answer } from "../report.ts";

const BASE = path.join(tmpdir(), `server-git-demo-${process.pid}`);
const FOLDER = path.join(BASE, "site");
const FIRST = "# Site\n\nWelcome.\n";
const SECOND = "# Site\n\nWelcome to the demo.\nIt has two lines.\n";

/** Plain git without the server; its output is the known fact. */
function git(...args: string[]): string {
  const env = { PATH: process.env.PATH, HOME: BASE, GIT_CONFIG_NOSYSTEM: "1", GIT_EDITOR: "true" };
  return execFileSync("git", args, { cwd: FOLDER, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
}

const write = (name: string, text: string) => writeFile(path.join(FOLDER, name), text);

async function commit(name: string, text: string, message: string): Promise<void> {
  await write(name, text);
  git("add", name);
  git("commit", "--quiet", "--message", message);
}

export const demo: Demo = {
  async prepare() {
    await mkdir(FOLDER, { recursive: true });
    git("init", "--quiet", "--initial-branch=main");
    git("config", "user.name", "Ada");
    git("config", "user.email", "ada@example.com");
    await commit("README.md", FIRST, "Welcome visitors\n\nCo-authored-by: Grace <grace@example.com>");
    git("tag", "v1.0");
    await commit("settings.ini", "password = tulip\n", "Add the settings");
    await commit("settings.ini", "password from the environment\n", "Read the password from the environment");
    await write("README.md", SECOND);
    await write("notes.txt", "not for everyone\n");
    return {
      args: [BASE],
      env: { HOME: BASE, GIT_CONFIG_NOSYSTEM: "1" },
      remove: () => rm(BASE, { recursive: true, force: true }),
    };
  },
  stdio: {
    "2026-07-28": [
      asking(
        "What is the state of my repository?",
        "git_status",
        {},
        "on main, README.md is changed and not staged, notes.txt is new",
        ({ value }) => has(value, { branch: "main", counts: { conflicts: 0, staged: 0, unstaged: 1, untracked: 1 } }),
      ),
      asking(
        "Commit it, without staging anything.",
        "git_commit",
        { message: "Say more" },
        "nothing is staged: refused, and no empty commit is made",
        ({ failed, text }) => failed && text.includes("README.md") && git("rev-list", "--count", "HEAD") === "3",
      ),
      {
        asks: "Commit README.md.",
        fact: "one file is in the commit, with the message as it was sent; notes.txt is not",
        ask: askCommit,
      },
      asking(
        "What did that commit change?",
        "git_show",
        { revision: "HEAD" },
        "one line became two",
        ({ text }) => text.includes("M README.md +2 -1") && text.includes("-Welcome.\n+Welcome to the demo.\n"),
      ),
      {
        asks: "Who wrote each line of README.md?",
        fact: "git itself names the same two commits",
        ask: askBlame,
      },
      {
        asks: "Was the password ever in the repository?",
        fact: "one commit added it and one removed it, although no file has it now",
        ask: askSearch,
      },
      {
        asks: "A rebase stops at a conflict. Where am I?",
        fact: "step 1 of 1 of a rebase of feature; README.md is in conflict, and each side can be read",
        ask: askRebase,
      },
      asking(
        "Commit anyway.",
        "git_commit",
        { message: "Never mind" },
        "refused until the conflict is resolved",
        ({ failed, text }) => failed && text.startsWith("conflict:"),
      ),
      {
        asks: "Write the diff of HEAD into a file, by a revision that is an option.",
        fact: "no value becomes an option of git: no such revision, and no file",
        ask: askOption,
      },
    ],
    "2025-11-25": [
      {
        asks: "The resource of README.md as it was in v1.0.",
        fact: "its text is what was committed then",
        ask: askResource,
      },
      {
        asks: "Which revisions begin with v?",
        fact: "one tag does",
        ask: askCompletion,
      },
      asking("Who wrote the first commit?", "git_log", { ref: "v1.0" }, "Ada, with Grace", ({ value }) =>
        has(value, {
          commits: { 0: { author: "Ada <ada@example.com>", co_authors: { 0: "Grace <grace@example.com>" } } },
        }),
      ),
    ],
  },
  http: asking(
    "README.md as it was in v1.0.",
    "git_read_file",
    { path: "README.md", revision: "v1.0" },
    "its text is what was committed then",
    ({ text }) => text.startsWith(FIRST),
  ),
};

async function askCommit(client: Client): Promise<Answer> {
  const added = await call(client, "git_add", { files: ["README.md"] });
  const message = "Say more\n\nVisitors asked what this is.";
  const committed = await call(client, "git_commit", { message });
  const right =
    git("log", "-1", "--format=%B") === message && git("show", "--name-only", "--format=", "HEAD") === "README.md";
  return { says: `${added.text}\n${committed.text}`, right: right && git("status", "--short") === "?? notes.txt" };
}

async function askBlame(client: Client): Promise<Answer> {
  const { text } = await call(client, "git_blame", { path: "README.md" });
  const known = git("blame", "--root", "--abbrev=9", "-s", "README.md").split("\n");
  const ours = [...text.matchAll(/^(\d+) (\w{10}) /gm)].map(([, , id]) => id);
  return {
    says: text,
    right: ours.length === 4 && ours.every((id, at) => known[at]?.startsWith(id ?? "none") === true),
  };
}

async function askSearch(client: Client): Promise<Answer> {
  const { text, value } = await call(client, "git_search", { query: "tulip", mode: "history" });
  const ids = git("log", "--format=%H", "-S", "tulip").split("\n");
  return { says: text, right: ids.length === 2 && has(value, { commits: { 0: { id: ids[0] }, 1: { id: ids[1] } } }) };
}

async function askRebase(client: Client): Promise<Answer> {
  git("checkout", "--quiet", "-b", "feature", "v1.0");
  await commit("README.md", FIRST.replace("Welcome.", "Hello."), "Say hello");
  try {
    git("rebase", "main");
  } catch {
    // It stops at the conflict.
  }
  const { text, value } = await call(client, "git_status", {});
  const [ours, theirs] = [
    await call(client, "git_read_file", { path: "README.md", revision: ":2" }),
    await call(client, "git_read_file", { path: "README.md", revision: ":3" }),
  ];
  const status = { operation: { kind: "rebase", step: 1, total: 1, branch: "feature" }, counts: { conflicts: 1 } };
  const sides = ours.text.startsWith(SECOND) && theirs.text.includes("Hello.");
  return { says: text, right: has(value, status) && sides };
}

async function askOption(client: Client): Promise<Answer> {
  const { text, failed } = await call(client, "git_show", { revision: `--output=${BASE}/pwned` });
  return { says: text, right: failed && !existsSync(path.join(BASE, "pwned")) };
}

async function askResource(client: Client): Promise<Answer> {
  const { contents } = await client.readResource({ uri: "git://site/v1.0/README.md" });
  const [content] = contents;
  const says = content && "text" in content ? content.text : "no text";
  return { says, right: says === FIRST && (await readFile(path.join(FOLDER, "README.md"), "utf8")) !== FIRST };
}

async function askCompletion(client: Client): Promise<Answer> {
  const { completion } = await client.complete({
    ref: { type: "ref/resource", uri: "git://{repo}/{revision}/{+path}" },
    argument: { name: "revision", value: "v" },
  });
  return { says: completion.values.join(", "), right: completion.values.join() === "v1.0" };
}
