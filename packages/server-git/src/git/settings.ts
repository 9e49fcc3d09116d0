import { isUtf8 } from "node:buffer";
import { quote, ToolError } from "@org/server-kit";
import { type ConfigEntry, isTrusted, keyParts } from "./config-list.ts";
import { remembered } from "./remembered.ts";

export type Setting = readonly [key: string, value: string];

/**
 * Disables every program and prompt that has a fixed key. Where a program is required it is `false`, which fails
 * visibly.
 */
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

/** Fixes everything that changes git's output, so that the parsers see one format under any configuration. */
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
  // The only limit that `log --follow` obeys; no command-line option changes it.
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
  // A repository could ask for many processes.
  ["checkout.workers", "1"],
  ["rerere.enabled", "false"],
  ["advice.detachedHead", "false"],
];

/**
 * No match can run past the start of another section; otherwise a thousand unclosed ones would each be scanned to the
 * end.
 */
const SUBMODULE = /\[\s*submodule(?:\s*"((?:\\.|[^"\\\n])*)"|\.([a-z0-9.-]*)\])/gi;

/**
 * Keeps git from looking for changes inside submodules. It would start another git there, which reads the submodule's
 * own configuration, whose filters nothing has disabled. `ignore = none` in .gitmodules asks for that, and add, commit
 * and stash have no option against it.
 * @param modules everything that git may read as .gitmodules; text that only looks like a name does no harm
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

/** The most filters, drivers and hooks that one command's environment can disable. */
const MOST_DRIVERS = 2_000;

/** What git does without a driver. With `false`, every merge would be a conflict. */
const PLAIN_MERGE = "git merge-file -q --marker-size=%L %A %O %B";

/**
 * Git's default for hunk headings. A pattern of thirty characters in the repository's configuration could use up all
 * memory.
 */
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
