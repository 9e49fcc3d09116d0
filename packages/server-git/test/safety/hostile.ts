import { appendFileSync, chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Git, newRepository } from "../git.ts";

/** All hooks of git 2.39, and some of later versions. */
const HOOKS = [
  ...["applypatch-msg", "pre-applypatch", "post-applypatch", "pre-commit", "pre-merge-commit", "prepare-commit-msg"],
  ...["commit-msg", "post-commit", "pre-rebase", "post-checkout", "post-merge", "pre-push", "pre-receive", "update"],
  ...["proc-receive", "post-receive", "post-update", "reference-transaction", "push-to-checkout", "pre-auto-gc"],
  ...["post-rewrite", "sendemail-validate", "fsmonitor-watchman", "post-index-change"],
];

/** Keys whose value is a command, as a repository's own configuration can set them. */
const COMMANDS = [
  ...[
    "core.fsmonitor",
    "core.pager",
    "core.editor",
    "sequence.editor",
    "core.askPass",
    "core.sshCommand",
    "core.gitProxy",
  ],
  ...["core.alternateRefsCommand", "diff.external", "interactive.diffFilter", "gpg.program", "gpg.openpgp.program"],
  ...["gpg.x509.program", "gpg.ssh.program", "gpg.ssh.defaultKeyCommand", "uploadpack.packObjectsHook"],
  ...["diff.trap.command", "diff.trapped.textconv", "diff.trapped.command", "merge.trap.driver"],
  ...["filter.trap.clean", "filter.trap.smudge", "filter.a=b.clean", "filter.a=b.smudge", "filter.with.dots.clean"],
  ...["filter.streamed.process", "trailer.trap.command", "trailer.trap.cmd", "remote.origin.uploadpack"],
  ...["remote.origin.receivepack", "difftool.trap.cmd", "mergetool.trap.cmd", "browser.trap.cmd", "man.trap.cmd"],
  ...["pager.log", "pager.diff", "pager.status", "pager.branch", "pager.show", "pager.blame", "pager.stash"],
  ...[
    "sendemail.smtpServer",
    "web.browser",
    "gc.recentObjectsHook",
    "hook.trap.command",
    "rebase.trap.exec",
    "credential.https://example.invalid.helper",
  ],
];

/** Keys whose value is a command only after a `!`. */
const SHOUTED = ["credential.helper", "submodule.sub.update", "alias.status", "alias.log", "alias.commit", "alias.st"];

/** Keys that make git use one of the commands. */
const SWITCHES = [
  ["log.showSignature", "true"],
  ["merge.verifySignatures", "true"],
  ["commit.gpgSign", "true"],
  ["tag.gpgSign", "true"],
  ["tag.forceSignAnnotated", "true"],
  ["push.gpgSign", "if-asked"],
  ["submodule.recurse", "true"],
  ["submodule.sub.ignore", "none"],
  ["submodule.sub.active", "true"],
  ["diff.ignoreSubmodules", "none"],
  ["diff.submodule", "diff"],
  ["status.submoduleSummary", "true"],
  ["fetch.recurseSubmodules", "true"],
  ["push.recurseSubmodules", "on-demand"],
  ["protocol.allow", "always"],
  ["protocol.ext.allow", "always"],
  ["protocol.file.allow", "always"],
  ["filter.trap.required", "true"],
  ["hook.trap.event", "post-index-change"],
  ["hook.trap.event", "pre-commit"],
  ["hook.trap.event", "reference-transaction"],
  ["gc.auto", "1"],
  ["maintenance.auto", "true"],
  ["merge.tool", "trap"],
  ["diff.tool", "trap"],
  ["diff.guitool", "trap"],
  ["core.commentChar", "auto"],
  ["color.ui", "always"],
  ["core.untrackedCache", "true"],
] as const;

export interface Hostile {
  readonly git: Git;
  readonly folder: string;
  /** The traps that have fired since the last call. */
  fired(): string[];
  /** Restores all filtered files to their content in the last commit. */
  clean(): void;
}

/**
 * A repository in which everything that can run a program runs one that leaves a file with its name. Each file of the history
 * goes through a filter, a driver or both; a commit has a signature to be verified; a submodule and a bare repository in the
 * work tree have traps of their own.
 * @param top an empty folder
 */
export function makeHostile(top: string): Hostile {
  const marks = join(top, "fired");
  const tools = join(top, "tools");
  mkdirSync(marks, { recursive: true });
  mkdirSync(tools, { recursive: true });
  // A program for each, since some keys take a path without arguments. As a filter, it returns its input unchanged.
  const trap = (name: string) => {
    const [mark, script] = [join(marks, safe(name)), join(tools, safe(name))];
    writeFileSync(script, `#!/bin/sh\necho fired > '${mark}'\n${name.includes("filter") ? "cat" : "exit 0"}\n`);
    chmodSync(script, 0o755);
    return script;
  };

  const folder = join(top, "code", "repository");
  const git = newRepository(folder);
  git.write(
    ".gitattributes",
    "*.trap filter=trap diff=trap merge=trap\n*.text diff=trapped merge=trap\n*.odd filter=a=b\n*.dots filter=with.dots\n*.proc filter=streamed\n*.inc filter=included\n*.tree filter=worktree\n*.cond filter=conditional\n",
  );
  for (const end of ["trap", "text", "odd", "dots", "proc", "inc", "cond", "tree", "plain"])
    git.write(`file.${end}`, `one\ntwo ${end}\n`);
  git.commit("First");
  git("checkout", "-q", "-b", "other");
  git.write("file.text", "one\nother\n");
  git.write("file.trap", "one\nother\n");
  git.commit("Other");
  git("checkout", "-q", "main");
  git.write("file.plain", "one\nthree\n");
  git.write("file.text", "one\nmain\n");
  git.commit("Second\n\ntrap: 1");
  signHead(git);

  const inner = newRepository(join(top, "code", "inner"));
  inner.write("inner.trap", "inner\n");
  inner.write("inner.own", "inner\n");
  inner.write(".gitattributes", "*.trap filter=trap diff=trapped\n*.own filter=own\n");
  inner.commit("Inner");
  git.run(["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", join(top, "code", "inner"), "sub"]);
  git("config", "-f", ".gitmodules", "submodule.sub.ignore", "none");
  git.commit("With a submodule");

  mkdirSync(join(folder, "bare"));
  git.run(["init", "--quiet", "--bare", "bare"]);

  // Stale in the index, so that status must read and filter each file.
  for (const end of ["trap", "text", "odd", "dots", "proc", "inc", "cond", "tree", "plain"])
    git.write(`file.${end}`, `one\ntwo ${end}\nchanged\n`);
  git.write("sub/inner.trap", "inner, changed\n");
  // Its length is unchanged, so git must filter it to see whether it differs.
  git.write("sub/inner.own", "INNER\n");
  git.write("new.trap", "new\n");
  git.write("new.plain", "new\n");
  git("stash", "push", "-q", "--", "file.text");
  git.write("file.text", "one\nmain again\n");

  const included = join(folder, ".traps");
  writeFileSync(
    included,
    `[filter "included"]\n\tclean = ${trap("filter.included.clean")}\n\tsmudge = ${trap("filter.included.smudge")}\n`,
  );
  // The configuration of only this work tree, and a file that it includes conditionally.
  const more = join(folder, ".more-traps");
  writeFileSync(more, `[filter "conditional"]\n\tclean = ${trap("filter.conditional.clean")}\n`);
  const ofWorkTree = join(folder, ".git", "config.worktree");
  git("config", "extensions.worktreeConfig", "true");
  git("config", "-f", ofWorkTree, "filter.worktree.clean", trap("filter.worktree.clean"));
  git("config", "-f", ofWorkTree, "includeIf.gitdir:**.path", more);

  for (const gitDirectory of [".git", ".git/modules/sub", "bare"]) {
    const where = gitDirectory.includes("modules") ? "sub:" : gitDirectory === "bare" ? "bare:" : "";
    const lines = [
      ...COMMANDS.map((key) => inFile(key, trap(`${where}${key}`))),
      ...SHOUTED.map((key) => inFile(key, `!${trap(`${where}${key}`)}`)),
      ...SWITCHES.map(([key, value]) => inFile(key, value)),
      inFile("remote.origin.url", `ext::${trap("ext")}`),
      inFile("include.path", included),
    ];
    appendFileSync(join(folder, gitDirectory, "config"), lines.join(""));
  }
  // The surrounding repository knows nothing of this one.
  git("config", "-f", ".git/modules/sub/config", "filter.own.clean", trap("sub:filter.own.clean"));
  // A bare repository inside the work tree that claims to have a work tree.
  git("config", "-f", "bare/config", "core.bare", "false");
  git("config", "-f", "bare/config", "core.worktree", "..");
  for (const gitDirectory of [".git", ".git/modules/sub", "bare"]) {
    mkdirSync(join(folder, gitDirectory, "hooks"), { recursive: true });
    for (const hook of HOOKS) {
      const file = join(folder, gitDirectory, "hooks", hook);
      writeFileSync(file, `#!/bin/sh\n${trap(`${gitDirectory}/hooks/${hook}`)}\n`);
      chmodSync(file, 0o755);
    }
  }
  const clean = () => {
    for (const end of ["trap", "odd", "dots", "proc", "inc", "cond", "tree"])
      git.write(`file.${end}`, `one\ntwo ${end}\n`);
    for (const name of ["new.trap", ".git/index.lock"]) rmSync(join(folder, name), { force: true });
  };
  const fired = () => {
    const names = readdirSync(marks).sort();
    for (const name of names) rmSync(join(marks, name));
    return names;
  };
  fired();
  return { git, folder, fired, clean };
}

/** A key as written in a configuration file; having git write each one would take longer than all the tests. */
function inFile(key: string, value: string): string {
  const [first, last] = [key.indexOf("."), key.lastIndexOf(".")];
  const name = first === last ? "" : ` "${key.slice(first + 1, last)}"`;
  return `[${key.slice(0, first)}${name}]\n\t${key.slice(last + 1)} = ${value}\n`;
}

const safe = (name: string) => name.replace(/[/:]/g, "_");

/** Adds a signature to the last commit; showing signatures runs a program to verify it. */
function signHead(git: Git): void {
  const commit = git.run(["cat-file", "commit", "HEAD"]).toString();
  const signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n iQEz\n -----END PGP SIGNATURE-----\n";
  const signed = commit.replace(/\n\n/, `\n${signature}\n`);
  const id = git.run(["hash-object", "-t", "commit", "-w", "--stdin"], { input: signed }).toString().trim();
  git("update-ref", "HEAD", id);
}
