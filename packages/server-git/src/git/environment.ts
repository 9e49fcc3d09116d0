import { isAbsolute, sep } from "node:path";
import { remembered } from "./remembered.ts";
import type { Setting } from "./settings.ts";

/** The user's configuration files and identity. Where those files configure programs, our settings override them. */
const ALWAYS = [
  ...["HOME", "XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "TMPDIR", "TZ"],
  ...["GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "EMAIL"],
  // Windows needs these to start any program.
  ...["SystemRoot", "SystemDrive", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "TEMP", "TMP", "PATHEXT", "ComSpec"],
];
/** For the user's gpg, ssh, credential helpers and proxies: passed on only for signing and for remotes. */
const FOR_KEYS = [
  ...["GNUPGHOME", "SSH_AUTH_SOCK", "SSH_AGENT_PID", "USER", "LOGNAME", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"],
  ...["https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"],
];

/** A relative path here would be resolved in the work tree, and find the repository's file instead of the user's. */
const PLACES = new Set([
  ...["HOME", "XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "TMPDIR"],
  ...["GNUPGHOME", "XDG_RUNTIME_DIR", "SSL_CERT_FILE", "SSL_CERT_DIR"],
]);

/** Whatever a repository configures, git never prompts, pages or fetches, and ignores the system's attributes file. */
const FIXED = {
  LC_ALL: "C.UTF-8",
  GIT_ATTR_NOSYSTEM: "1",
  GIT_TERMINAL_PROMPT: "0",
  GIT_ASKPASS: "",
  SSH_ASKPASS: "",
  SSH_ASKPASS_REQUIRE: "never",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_PAGER: "cat",
  GIT_EDITOR: "false",
  GIT_SEQUENCE_EDITOR: "false",
  GIT_MERGE_AUTOEDIT: "no",
  GIT_ALLOW_PROTOCOL: "none",
  GIT_PROTOCOL_FROM_USER: "0",
  GIT_NO_LAZY_FETCH: "1",
  GIT_NO_REPLACE_OBJECTS: "1",
  GIT_GRAFT_FILE: "",
  GIT_LITERAL_PATHSPECS: "1",
  NoDefaultCurrentDirectoryInExePath: "1",
};

/**
 * The complete environment of a git process, built from scratch: variables that the host has set (GIT_DIR,
 * GIT_EXTERNAL_DIFF, GIT_CONFIG_PARAMETERS, LD_PRELOAD) do not reach it.
 * @param settings passed as variables, since `-c` cannot express a key such as `filter.a=b.clean`
 */
export function environment(settings: readonly Setting[], withKeys = false): Record<string, string> {
  // Filled in place: every call starts git, so its forty variables are not copied.
  const env: Record<string, string> = { ...FIXED, PATH: safePath(process.env.PATH ?? "") };
  for (const name of withKeys ? [...ALWAYS, ...FOR_KEYS] : ALWAYS) {
    const value = process.env[name];
    const leadsIntoWorkTree = value && PLACES.has(name) && !isAbsolute(value);
    if (value !== undefined && !leadsIntoWorkTree) env[name] = value;
  }
  return Object.assign(env, variablesOf(settings));
}

/** Linux allows 128 KiB per variable. */
const MOST_IN_ONE = 100 << 10;

/**
 * Settings in the one variable in which git itself passes `-c` on to the programs it starts. The documented form, three
 * variables for each setting, slows every start of git by 0.3 ms, so it is used only when they do not fit in one.
 */
const variablesOf = remembered((settings: readonly Setting[]): Record<string, string> => {
  const all = settings.map(([key, value]) => `${inQuotes(key)}=${inQuotes(value)}`).join(" ");
  if (Buffer.byteLength(all) <= MOST_IN_ONE) return { GIT_CONFIG_PARAMETERS: all };
  const env: Record<string, string> = { GIT_CONFIG_COUNT: String(settings.length) };
  for (const [at, [key, value]] of settings.entries()) {
    env[`GIT_CONFIG_KEY_${at}`] = key;
    env[`GIT_CONFIG_VALUE_${at}`] = value;
  }
  return env;
});

/** Quoted as for a shell; git also wants a backslash before `!`. */
const inQuotes = (text: string) => `'${text.replace(/['!]/g, "'\\$&'")}'`;

/**
 * The PATH for git. npx puts the project's node_modules/.bin first, and "." is relative to the work tree: in either
 * place, a repository could hold a program named git.
 */
function safePath(path: string): string {
  const separator = process.platform === "win32" ? ";" : ":";
  const isSafe = (folder: string) => isAbsolute(folder) && !folder.split(/[\\/]/).includes("node_modules");
  return path.split(separator).filter(isSafe).join(separator) || ["", "usr", "bin"].join(sep);
}
