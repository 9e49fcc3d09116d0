import { join } from "node:path";
import { makeFolder, serverContract } from "@org/server-kit/testing";
import { afterAll } from "vitest";
import { gitServer } from "../src/server.ts";
import { newRepository } from "./git.ts";

const folder = makeFolder();
afterAll(() => folder.remove());

const git = newRepository(join(folder.path, "site"));
const lines = Array.from(
  { length: 3_000 },
  (_, at) => `line ${at} of a file that is long, with "quotes" and \\ in it\n`,
);
for (let at = 0; at < 60; at++) {
  git.write("long.txt", lines.map((line, number) => (number % 60 === at ? `${at}: ${line}` : line)).join(""));
  git.write(`many/folders/${at}/a file with quite a long name ${at}.txt`, `${at}\n`);
  git.commit(
    `Commit number ${at}\n\nIt has a body that goes on for a while, to fill what there is to fill.\n\nFixes: #${at}`,
  );
  git("branch", `branch/with/a/long/name/${at}`);
}
git.write("long.txt", lines.map((line) => `changed ${line}`).join(""));
for (let at = 0; at < 300; at++) git.write(`new folder ${at}/a file with quite a long name ${at}.txt`, `${at}\n`);

const { PATH = "", GIT_CONFIG_GLOBAL = "", GIT_AUTHOR_NAME = "", GIT_AUTHOR_EMAIL = "" } = process.env;
const ident = {
  GIT_AUTHOR_NAME,
  GIT_AUTHOR_EMAIL,
  GIT_COMMITTER_NAME: GIT_AUTHOR_NAME,
  GIT_COMMITTER_EMAIL: GIT_AUTHOR_EMAIL,
};

serverContract(gitServer, {
  args: [folder.path],
  env: { PATH, GIT_CONFIG_GLOBAL, ...ident },
  samples: [
    ["git_status", {}],
    ["git_status", { untracked: "all" }],
    ["git_log", { max_count: 60, stats: true }],
    ["git_show", { revision: "HEAD" }],
    ["git_diff", {}],
    ["git_blame", { path: "long.txt" }],
    ["git_search", { query: "line" }],
    ["git_search", { query: "Commit", mode: "message" }],
    ["git_read_file", { path: "long.txt", revision: "HEAD" }],
    ["git_branch", { scope: "all" }],
    ["git_list_repositories", {}],
    ["git_add", { files: ["."] }],
    ["git_reset", {}],
    ["git_add", { files: ["long.txt"] }],
    ["git_commit", { message: "Changed\n\nAll lines.", trailers: ["Fixes: #1"] }],
    ["git_create_branch", { branch_name: "new" }],
    ["git_checkout", { branch_name: "new" }],
    ["git_stash", { action: "push", include_untracked: true }],
    ["git_stash", { action: "list" }],
  ],
});
