import { gitBlame } from "./read/git-blame.ts";
import { gitDiff } from "./read/git-diff.ts";
import { gitListRepositories } from "./read/git-list-repositories.ts";
import { gitLog } from "./read/git-log.ts";
import { gitReadFile } from "./read/git-read-file.ts";
import { gitSearch } from "./read/git-search.ts";
import { gitShow } from "./read/git-show.ts";
import { gitCreateBranch } from "./write/git-create-branch.ts";

/** In the order of the README. */
export const tools = [gitListRepositories, gitLog, gitShow, gitDiff, gitBlame, gitSearch, gitReadFile, gitCreateBranch];

/** Only with `--allow-remote`. */
export const remoteTools: typeof tools = [];
