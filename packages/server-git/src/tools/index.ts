import { gitBlame } from "./read/git-blame.ts";
import { gitBranch } from "./read/git-branch.ts";
import { gitDiff } from "./read/git-diff.ts";
import { gitListRepositories } from "./read/git-list-repositories.ts";
import { gitLog } from "./read/git-log.ts";
import { gitReadFile } from "./read/git-read-file.ts";
import { gitSearch } from "./read/git-search.ts";
import { gitShow } from "./read/git-show.ts";
import { gitStatus } from "./read/git-status.ts";
import { gitFetch } from "./remote/git-fetch.ts";
import { gitPull } from "./remote/git-pull.ts";
import { gitPush } from "./remote/git-push.ts";
import { gitAdd } from "./write/git-add.ts";
import { gitCheckout } from "./write/git-checkout.ts";
import { gitCommit } from "./write/git-commit.ts";
import { gitCreateBranch } from "./write/git-create-branch.ts";
import { gitReset } from "./write/git-reset.ts";
import { gitStash } from "./write/git-stash.ts";

/** In the order of the README. */
export const tools = [
  gitStatus,
  gitLog,
  gitShow,
  gitDiff,
  gitBlame,
  gitSearch,
  gitReadFile,
  gitBranch,
  gitListRepositories,
  gitAdd,
  gitCommit,
  gitReset,
  gitCreateBranch,
  gitCheckout,
  gitStash,
];

/** Only with `--allow-remote`. */
export const remoteTools = [gitFetch, gitPull, gitPush];
