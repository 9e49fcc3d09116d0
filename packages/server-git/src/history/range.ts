import { ToolError } from "@org/server-kit";
import type { Repository } from "../repositories/types.ts";

/** What a log walks: one id, or two with `..` or `...` between them. */
export interface Range {
  readonly argument: string;
  /** The commit that the walk starts from. */
  readonly tip: string;
}

/** The commit that a revision names. HEAD is known without asking git. */
export async function commitOf(repository: Repository, revision: string, signal: AbortSignal): Promise<string> {
  const { commit } = revision === "HEAD" ? await repository.head(signal) : {};
  return commit ?? repository.resolve(revision, signal);
}

/**
 * Resolves a revision or a range `main..feature`, whose missing side is HEAD, to ids.
 * @throws ToolError not_found, as for any revision
 */
export async function resolveRange(repository: Repository, ref: string, signal: AbortSignal): Promise<Range> {
  const [, from, dots, to] = /^(.*?)(\.{2,3})(.*)$/s.exec(ref) ?? [];
  if (from === undefined || dots === undefined || to === undefined) {
    const tip = await commitOf(repository, ref, signal);
    return { argument: tip, tip };
  }
  if (from === "" && to === "")
    throw new ToolError("invalid_input", "a range has a revision on one side at least: main..feature.");
  const ids = await Promise.all([from, to].map((side) => commitOf(repository, side || "HEAD", signal)));
  return { argument: ids.join(dots), tip: ids[1] ?? "" };
}

/** A range of ids, as a cursor holds it. */
export const RANGE = /^[0-9a-f]{40,64}(?:\.{2,3}[0-9a-f]{40,64})?$/;
