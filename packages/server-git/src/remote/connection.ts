import { quote, ToolError } from "@org/server-kit";
import { isTrusted, keyParts, lastValue } from "../git/config-list.ts";
import type { Setting } from "../git/settings.ts";
import type { Runner } from "../git/types.ts";
import type { Repository } from "../repositories/types.ts";

/** A remote, and a git that can reach it and nothing else. */
export interface Connection {
  readonly remote: string;
  /** Its host, without user names and passwords: `github.com`. */
  readonly host: string;
  readonly runner: Runner;
}

/** `http` settings that a repository may have: none sends data elsewhere, reads or writes a file, or adds trust. */
const HARMLESS = new Set([
  "extraheader",
  "postbuffer",
  "version",
  "lowspeedlimit",
  "lowspeedtime",
  "maxrequests",
  "minsessions",
]);

/**
 * Prepares a fetch or a push. Credentials come from the user's own configuration (credential helpers,
 * `core.sshCommand`) or the ssh agent, never from the repository. Nothing prompts for a password.
 * @param given name of the remote; by default the upstream's remote, then `origin`
 */
export async function connectTo(
  repository: Repository,
  given: string | undefined,
  way: "fetch" | "push",
  signal: AbortSignal,
): Promise<Connection> {
  const remote = await chooseRemote(repository, given, signal);
  const args = ["remote", "get-url", "--all", ...(way === "push" ? ["--push"] : []), "--", remote];
  const { stdout, code } = await repository.answer(args, { signal, codes: [0, 1, 2, 128] });
  const urls = code === 0 ? stdout.toString("utf8").split("\n").filter(Boolean) : [];
  const [first] = urls;
  if (first === undefined)
    throw new ToolError("not_found", `the remote ${quote(remote)} has no address. \`git remote -v\` shows them.`);
  const hosts = urls.map((url) => hostOf(url, remote));
  refuseOddSettings(repository, remote);
  const runner = repository.withSettings(settingsFor(repository, remote), { GIT_ALLOW_PROTOCOL: "https:ssh" }, true);
  return { remote, host: [...new Set(hosts)].join(", "), runner };
}

async function chooseRemote(repository: Repository, given: string | undefined, signal: AbortSignal): Promise<string> {
  const list = await repository.git(["remote"], { signal });
  const remotes = list
    .toString("utf8")
    .split("\n")
    .filter((name) => name !== "" && !name.startsWith("-"));
  const { branch } = await repository.head(signal);
  const upstream = branch === undefined ? undefined : repository.config(`branch.${branch}.remote`);
  const [only] = remotes;
  const wanted = given ?? upstream ?? (remotes.length === 1 ? only : "origin");
  if (wanted !== undefined && remotes.includes(wanted)) return wanted;
  const there =
    remotes.length === 0
      ? "This repository has no remotes: ask the user to add one with `git remote add`."
      : `Its remotes: ${remotes.map((name) => quote(name)).join(", ")}.`;
  throw new ToolError("not_found", `there is no remote ${quote(wanted ?? "")}. ${there}`);
}

/** @throws ToolError `access_denied` for anything but https and ssh */
function hostOf(url: string, remote: string): string {
  const [, host] =
    /^(?:https|ssh):\/\/(?:[^/@]*@)?([^/:@]+|\[[^\]]+\])(?::\d+)?(?:\/|$)/i.exec(url) ??
    /^(?:[^/:@]+@)?([^/:@]{2,}):(?!:|\/\/)/.exec(url) ??
    [];
  if (host !== undefined && !host.startsWith("-")) return host;
  throw new ToolError(
    "access_denied",
    `the remote ${quote(remote)} is reached neither by https nor by ssh, and nothing else is used here. The user can transfer it with git.`,
  );
}

/** Refuses settings for transfers in the repository's own configuration that cannot be overridden one by one. */
function refuseOddSettings({ entries }: Repository, remote: string): void {
  for (const entry of entries) {
    if (isTrusted(entry)) continue;
    const [section, name, variable] = keyParts(entry.key);
    const isOdd =
      (section === "http" && !HARMLESS.has(variable)) ||
      entry.key === "fetch.bundleuri" ||
      (section === "remote" && name === remote && ["vcs", "proxy", "proxyauthmethod"].includes(variable));
    if (!isOdd) continue;
    throw new ToolError(
      "access_denied",
      `the repository's own configuration sets ${quote(entry.key)}, which may send data elsewhere; nothing was transferred. A user who ` +
        "wants it sets it in their own configuration (`git config --global`).",
    );
  }
}

function settingsFor({ entries }: Repository, remote: string): Setting[] {
  const trusted = entries.filter(isTrusted);
  // They follow the empty value, which discards all helpers from any file.
  const helpers = trusted.filter(({ key }) => /^credential\.(?:.+\.)?(?:helper|usehttppath)$/.test(key));
  return [
    ["credential.helper", ""],
    ...helpers.map(({ key, value }): Setting => [key, value]),
    ["core.sshCommand", process.env.GIT_SSH_COMMAND ?? lastValue(trusted, "core.sshcommand") ?? "ssh -o BatchMode=yes"],
    // A line break in a URL could trick a credential helper into answering for another host.
    ["credential.protectProtocol", "true"],
    ["protocol.https.allow", "always"],
    ["protocol.ssh.allow", "always"],
    [`remote.${remote}.mirror`, "false"],
    [`remote.${remote}.tagOpt`, ""],
    [`remote.${remote}.prune`, "false"],
    [`remote.${remote}.pruneTags`, "false"],
    ["push.pushOption", ""],
    ["push.followTags", "false"],
    ["fetch.writeCommitGraph", "false"],
  ];
}
