import { type ErrorCode, quote, ToolError } from "@org/server-kit";
import type { GitAnswer } from "../git/types.ts";
import type { Repository } from "../repositories/types.ts";
import { oneLine } from "../text/visible.ts";
import type { Connection } from "./connection.ts";

/** A branch of the remote, before and after a transfer. */
export interface Moved {
  readonly name: string;
  readonly from?: string;
  readonly to: string;
}

/** Fetches the remote's branches into `refs/remotes/<remote>/` only, whatever its configured refspecs say. */
export async function fetchFrom(
  repository: Repository,
  { remote, host, runner }: Connection,
  signal: AbortSignal,
): Promise<Moved[]> {
  // Other changes do not wait for the network: what a fetch writes has its own locks.
  await repository.mayChange([`refs/remotes/${remote}/`]);
  const before = await trackedRefs(repository, remote, signal);
  const options = [
    "--quiet",
    "--no-prune",
    "--no-recurse-submodules",
    "--no-auto-maintenance",
    "--upload-pack=git-upload-pack",
    "--refmap=",
  ];
  const args = ["fetch", ...options, remote, `+refs/heads/*:refs/remotes/${remote}/*`];
  const { code, stderr } = await runner.answer(args, { signal, codes: [0, 1, 128, 255] });
  if (code !== 0) throw transferError(repository, args, { code, stderr }, host);
  const after = await trackedRefs(repository, remote, signal);
  return [...after]
    .filter(([name, id]) => before.get(name) !== id)
    .map(([name, to]) => {
      const from = before.get(name);
      return { name, to, ...(from !== undefined && { from }) };
    });
}

async function trackedRefs(repository: Repository, remote: string, signal: AbortSignal): Promise<Map<string, string>> {
  const format = "--format=%(objectname) %(refname:lstrip=2) %(symref)";
  const found = await repository.git(["for-each-ref", format, `refs/remotes/${remote}`], { signal });
  const refs = new Map<string, string>();
  for (const line of found.toString("utf8").split("\n")) {
    const [id = "", name = "", target] = line.split(" ");
    // origin/HEAD is only an alias of another branch.
    if (name !== "" && target === "") refs.set(name, id);
  }
  return refs;
}

type TransferRule = readonly [words: RegExp, code: ErrorCode, message: (host: string) => string];

/** Messages of git and ssh about a transfer, and what they mean. The first match wins. */
const RULES: readonly TransferRule[] = [
  [
    /could not read (?:Username|Password)|Authentication failed|Permission denied(?: \(|,)|terminal prompts disabled|HTTP (?:401|403)/i,
    "access_denied",
    (host) =>
      `${host} did not accept the credentials; nothing was transferred. No password can be entered here: let the user set up an ssh ` +
      "agent, or a credential helper in their own configuration, and check their rights there.",
  ],
  [
    /Host key verification failed/i,
    "access_denied",
    (host) => `the ssh key of ${host} is not known. Let the user connect once with ssh and check the key.`,
  ],
  [
    /not found|does not (?:appear to be a git repository|exist)/i,
    "not_found",
    (host) => `${host} has no such repository, or hides it from us. \`git remote -v\` shows the address.`,
  ],
  [
    /transport '.*' not allowed/i,
    "access_denied",
    () => "the remote leads to something other than https and ssh; nothing was transferred.",
  ],
  [
    /Could not resolve|unable to access|Connection (?:refused|reset|closed|timed out)|early EOF|hung up|Network is unreachable/i,
    "unavailable",
    (host) => `${host} cannot be reached, or ended the connection; check the network, then repeat the call.`,
  ],
];

/** What failed here, and is not the host's doing: a lock that is held, a file that cannot be written, a full disk. */
const IS_LOCAL = /^(?:error|fatal): (?:cannot (?:open|lock)|unable to create|could not (?:open|write))|No space left/im;

/** The error for a failed transfer. */
export function transferError(
  repository: Repository,
  args: readonly string[],
  answer: Pick<GitAnswer, "code" | "stderr">,
  host: string,
): ToolError {
  const { stderr } = answer;
  if (IS_LOCAL.test(stderr)) return repository.failure(args, answer);
  const [, code, message] = RULES.find(([words]) => words.test(stderr)) ?? [];
  if (code && message) return new ToolError(code, message(quote(host)));
  const line = stderr.split("\n").find((one) => /^(?:fatal|error|remote):/.test(one)) ?? "no reason given";
  return new ToolError(
    "conflict",
    `the transfer with ${quote(host)} failed: ${quote(oneLine(line), 300)}. git_status shows where things stand.`,
  );
}
