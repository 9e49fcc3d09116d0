import type { Repository } from "../repositories/types.ts";
import { decodeBytes, shortLine } from "../text/visible.ts";

export type Scope = "local" | "remote" | "tags" | "all";

export interface Branch {
  readonly name: string;
  readonly kind: "local" | "remote" | "tag";
  /** The commit id; for an annotated tag, that of the tagged commit. */
  readonly commit: string;
  readonly date: string;
  readonly subject: string;
  readonly current?: true;
  readonly upstream?: string;
  readonly ahead?: number;
  readonly behind?: number;
  /** The upstream branch no longer exists. */
  readonly gone?: true;
  /** The other work tree where it is checked out; "elsewhere" if that is not served. */
  readonly work_tree?: string;
}

const PREFIXES = { local: ["refs/heads"], remote: ["refs/remotes"], tags: ["refs/tags"] };
const FIELDS = [
  "refname",
  "objectname",
  "*objectname",
  "creatordate:iso-strict",
  "upstream:short",
  "upstream:track,nobracket",
  "worktreepath",
  "subject",
  "*subject",
];
const FORMAT = FIELDS.map((field) => `%(${field})`).join("%00");

/**
 * Full names, newest first; optionally only refs that contain a commit. A name need not be UTF-8: each character stands
 * for a byte.
 */
export async function listRefs(
  repository: Repository,
  scope: Scope,
  contains: string | undefined,
  signal: AbortSignal,
) {
  const prefixes = scope === "all" ? Object.values(PREFIXES).flat() : PREFIXES[scope];
  const condition = contains === undefined ? [] : [`--contains=${contains}`];
  // A symbolic ref such as origin/HEAD is an alias of another branch in the list.
  const args = [
    "for-each-ref",
    "--sort=refname",
    "--sort=-creatordate",
    "--format=%(refname)%00%(symref)",
    ...condition,
    ...prefixes,
  ];
  const names: string[] = [];
  for await (const record of repository.records(args, { signal, end: "\n" })) {
    const [name = "", target = ""] = record.toString("latin1").split("\0");
    if (target === "") names.push(name);
  }
  return names;
}

/** Details of some refs; ahead and behind are counted only for these, since each count walks through history. */
export async function describeRefs(
  repository: Repository,
  names: readonly string[],
  signal: AbortSignal,
): Promise<Branch[]> {
  if (names.length === 0) return [];
  const found = new Map<string, Branch>();
  const { branch: current } = await repository.head(signal);
  const paths = names.map((name) => Buffer.from(name, "latin1"));
  for await (const record of repository.records(["for-each-ref", `--format=${FORMAT}`], { signal, paths, end: "\n" })) {
    const full = record.toString("latin1", 0, record.indexOf(0));
    const [ref = "", id = "", peeled = "", date = "", upstream = "", track = "", path = "", subject = "", of = ""] =
      decodeBytes(record).split("\0");
    const kind = ref.startsWith("refs/heads/") ? "local" : ref.startsWith("refs/tags/") ? "tag" : "remote";
    const name = ref.replace(/^refs\/(?:heads|tags|remotes)\//, "");
    const isCurrent = kind === "local" && name === current;
    found.set(full, {
      name: shortLine(name),
      kind,
      commit: peeled || id,
      date,
      subject: shortLine(subject || of),
      ...(isCurrent && { current: true }),
      ...(upstream && { upstream: shortLine(upstream), ...readTrack(track) }),
      ...(path &&
        !isCurrent &&
        path !== repository.workTree && { work_tree: repository.isServed(path) ? path : "elsewhere" }),
    });
  }
  return names.flatMap((name) => found.get(name) ?? []);
}

function readTrack(track: string): Pick<Branch, "ahead" | "behind" | "gone"> {
  if (track === "gone") return { gone: true };
  const [, ahead = "0"] = /ahead (\d+)/.exec(track) ?? [];
  const [, behind = "0"] = /behind (\d+)/.exec(track) ?? [];
  return { ahead: Number(ahead), behind: Number(behind) };
}
