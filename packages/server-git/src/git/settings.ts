import { isUtf8 } from "node:buffer";
import { quote, ToolError } from "@org/server-kit";
import { type ConfigEntry, isTrusted, keyParts } from "./config-list.ts";
import { remembered } from "./remembered.ts";

export type Setting = readonly [key: string, value: string];

/** Turns off every program and prompt whose key is fixed. Where a program must be named it is `false`, whose failure is seen. */
const NO_PROGRAMS: readonly Setting[] = [
  ["core.fsmonitor", "false"],
  ["core.pager", "cat"],
  ["core.editor", "false"],
  ["sequence.editor", "false"],
  ["core.askPass", ""],
  ["core.sshCommand", "false"],
  ["core.gitProxy", ""],
  ["core.alternateRefsCommand", "false"],
  ["credential.helper", ""],
  ["diff.external", ""],
  ["interactive.diffFilter", ""],
  ["gpg.program", "false"],
  ["gpg.openpgp.program", "false"],
  ["gpg.x509.program", "false"],
  ["gpg.ssh.program", "false"],
  ["gpg.ssh.defaultKeyCommand", "false"],
  ["log.showSignature", "false"],
  ["merge.verifySignatures", "false"],
  ["commit.gpgSign", "false"],
  ["tag.gpgSign", "false"],
  ["tag.forceSignAnnotated", "false"],
  ["push.gpgSign", "false"],
  ["protocol.allow", "never"],
  ["protocol.ext.allow", "never"],
  ["submodule.recurse", "false"],
  ["fetch.recurseSubmodules", "false"],
  ["push.recurseSubmodules", "no"],
  ["gc.auto", "0"],
  ["maintenance.auto", "false"],
  ["core.untrackedCache", "false"],
  ["safe.bareRepository", "explicit"],
  ["core.protectHFS", "true"],
  ["core.protectNTFS", "true"],
];

/** Pins whatever changes git's output, so that the parsers meet one form under any configuration. */
const ONE_FORM: readonly Setting[] = [
  ...["ui", "diff", "status", "branch", "grep", "interactive", "decorate"].map(
    (name): Setting => [`color.${name}`, "false"],
  ),
  ["core.quotePath", "false"],
  ["core.commentChar", "#"],
  ["core.bare", "false"],
  ["column.ui", "never"],
  ["i18n.logOutputEncoding", "UTF-8"],
  ["i18n.commitEncoding", "UTF-8"],
  ["diff.noprefix", "false"],
  ["diff.mnemonicPrefix", "false"],
  ["diff.relative", "false"],
  ["diff.autoRefreshIndex", "true"],
  ["diff.orderFile", "/dev/null"],
  ["diff.submodule", "short"],
  ["diff.ignoreSubmodules", "dirty"],
  ["diff.wsErrorHighlight", "none"],
  ["diff.colorMoved", "no"],
  ["diff.interHunkContext", "0"],
  ["diff.suppressBlankEmpty", "false"],
  ["diff.renames", "true"],
  // `log --follow` obeys this limit alone; no command-line option reaches it.
  ["diff.renameLimit", "2000"],
  ["diff.statNameWidth", "0"],
  ["log.follow", "false"],
  ["log.decorate", "no"],
  ["log.abbrevCommit", "false"],
  ["log.showRoot", "true"],
  ["log.mailmap", "true"],
  ["mailmap.file", ""],
  ["mailmap.blob", ""],
  ["blame.ignoreRevsFile", ""],
  ["blame.blankBoundary", "false"],
  ["grep.fallbackToNoIndex", "false"],
  ["grep.patternType", "default"],
  ["grep.column", "false"],
  ["grep.fullName", "false"],
  ["status.renameLimit", "2000"],
  ["status.submoduleSummary", "false"],
  ["commit.status", "false"],
  ["commit.verbose", "false"],
  ["commit.template", ""],
  ["checkout.guess", "false"],
  // A repository could ask for a process for each file.
  ["checkout.workers", "1"],
  ["rerere.enabled", "false"],
  ["advice.detachedHead", "false"],
];

/** Neither form can run on over the beginning of another one: a thousand beginnings would each be followed to the end of the file. */
const SUBMODULE = /\[\s*submodule(?:\s*"((?:\\.|[^"\\\n])*)"|\.([a-z0-9.-]*)\])/gi;

/**
 * Keeps git from looking for changes inside submodules. It would start a git of its own there, which reads the submodule's
 * configuration with filters that nothing has turned off; `ignore = none` in .gitmodules asks for that, and no option of
 * add, commit or stash says otherwise.
 * @param modules all texts that git may take for .gitmodules; what only looks like a name in them does no harm
 */
export function submodulesUntouched(modules: Buffer): Setting[] {
  const names = new Set<string>();
  for (const [, quoted, plain = ""] of modules.toString("latin1").matchAll(SUBMODULE)) {
    const name = Buffer.from(quoted?.replace(/\\(.)/g, "$1") ?? plain.toLowerCase(), "latin1");
    if (!isUtf8(name) || name.includes(0)) throw garbled(`submodule.${name}`);
    names.add(name.toString());
  }
  if (names.size > MOST_DRIVERS) throw tooMany(names.size, "submodules");
  return [...names].map((name) => [`submodule.${name}.ignore`, "dirty"]);
}

/** The most filters, drivers and hooks that the environment of one command turns off. */
const MOST_DRIVERS = 2_000;

/** What git does without a driver; `false` would make a conflict of every merge. */
const PLAIN_MERGE = "git merge-file -q --marker-size=%L %A %O %B";

/** What git takes for a hunk's heading without a pattern. A repository's own pattern of thirty characters can fill the memory. */
const PLAIN_HEADING = "^[A-Za-z_$].*";

/** The settings for every command in a repository with this configuration. */
export const hardening = (
  entries: readonly ConfigEntry[],
  { allowHooks }: { allowHooks: boolean },
): readonly Setting[] => (allowHooks ? withHooks(entries) : withoutHooks(entries));

const withHooks = remembered((entries: readonly ConfigEntry[]) => settingsFor(entries, true));
const withoutHooks = remembered((entries: readonly ConfigEntry[]) => settingsFor(entries, false));

function settingsFor(entries: readonly ConfigEntry[], allowHooks: boolean): Setting[] {
  const drivers = new Set<string>();
  const headings = new Map<string, Setting>();
  for (const entry of entries) {
    const [section, name, variable] = keyParts(entry.key);
    if (name === undefined || !DRIVERS.has(section)) continue;
    if (entry.isGarbled) throw garbled(entry.key);
    const driver = `${section}.${name}`;
    drivers.add(driver);
    const isHeading = section === "diff" && /^x?funcname$/.test(variable);
    if (isHeading && !isTrusted(entry)) headings.set(driver, [`${driver}.xfuncname`, PLAIN_HEADING]);
  }
  if (drivers.size > MOST_DRIVERS) throw tooMany(drivers.size, "filters and drivers");
  const hooks: Setting[] = allowHooks ? [] : [["core.hooksPath", "/dev/null"]];
  const off = [...drivers].flatMap((driver) => turnOff(driver, allowHooks));
  return [...NO_PROGRAMS, ...hooks, ...ONE_FORM, ...off, ...headings.values()];
}

const DRIVERS = new Set(["filter", "diff", "merge", "hook"]);

const tooMany = (count: number, what: string) =>
  new ToolError(
    "unsupported",
    `the configuration names ${count} ${what}, more than ${MOST_DRIVERS} that could be turned off. ` +
      "Look at it with `git config --list`.",
  );

const garbled = (key: string) =>
  new ToolError(
    "unsupported",
    `the configuration has ${quote(key)}, whose name is not UTF-8: what it may start could not be turned off. Let the user ` +
      "rename or remove it, in the configuration or in .gitmodules.",
  );

function turnOff(driver: string, allowHooks: boolean): Setting[] {
  if (driver.startsWith("diff.")) {
    return [
      [`${driver}.command`, ""],
      [`${driver}.textconv`, ""],
    ];
  }
  if (allowHooks) return [];
  if (driver.startsWith("merge.")) return [[`${driver}.driver`, PLAIN_MERGE]];
  if (driver.startsWith("hook.")) return [[`${driver}.enabled`, "false"]];
  const programs = ["clean", "smudge", "process"].map((kind): Setting => [`${driver}.${kind}`, ""]);
  return [...programs, [`${driver}.required`, "false"]];
}
