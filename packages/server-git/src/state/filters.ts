import { counted, quote, ToolError } from "@org/server-kit";
import type { Repository } from "../repositories/types.ts";
import { showPath } from "../text/paths.ts";
import { namesOf } from "./names-of.ts";

/** Paths whose content would pass through a filter that does not run here, with the filter's name. */
export async function filtered(
  repository: Repository,
  paths: readonly Buffer[],
  signal: AbortSignal,
): Promise<{ path: string; filter: string }[]> {
  if (repository.allowHooks || paths.length === 0) return [];
  const input = Buffer.concat(paths.flatMap((path) => [path, Buffer.from("\0")]));
  const found: { path: string; filter: string }[] = [];
  let fields: Buffer[] = [];
  for await (const field of repository.records(["check-attr", "-z", "--stdin", "filter"], { signal, input })) {
    fields.push(field);
    if (fields.length < 3) continue;
    const [path = field, , value = field] = fields;
    const filter = value.toString();
    if (filter !== "unspecified" && filter !== "unset" && filter !== "set")
      found.push({ path: showPath(path), filter });
    fields = [];
  }
  return found;
}

/**
 * Refuses to store files unfiltered when a filter is configured for them: Git LFS files would no longer be pointers,
 * and an encrypting filter would be bypassed.
 */
export async function refuseFiltered(
  repository: Repository,
  paths: readonly Buffer[],
  signal: AbortSignal,
): Promise<void> {
  const found = await filtered(repository, paths, signal);
  const [first] = found;
  if (first === undefined) return;
  throw new ToolError(
    "unsupported",
    `${counted(found.length, "file")} would have to go through the filter ${quote(first.filter)}, a program that the repository ` +
      `names: ${namesOf(found.map(({ path }) => path))}. Filters run only when the user starts the server with --allow-hooks; other files can be ` +
      "passed without these.",
  );
}
