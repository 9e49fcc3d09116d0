import { gitListRepositories } from "./read/git-list-repositories.ts";
import { gitCreateBranch } from "./write/git-create-branch.ts";

/** In the order of the README. */
export const tools = [gitListRepositories, gitCreateBranch];

/** Only with `--allow-remote`. */
export const remoteTools: typeof tools = [];
