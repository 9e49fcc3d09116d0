import { quote, ToolError } from "@org/server-kit";
import type { Repository } from "../repositories/types.ts";

const RULES =
  "A branch name has letters, digits and . _ - / between them; it begins with no - and no ., and has no space, no .. ~ ^ : ? * [ \\ and " +
  "no @{, and does not end with / or .lock.";

/** The full name of a client's branch name. @throws ToolError `invalid_input` if git would reject or reinterpret it */
export async function branchRef(repository: Repository, name: string, signal: AbortSignal): Promise<string> {
  const ref = `refs/heads/${name}`;
  // A lone surrogate would become another name. `@` and `HEAD` pass git's check of full names, but then mean the
  // checked-out commit.
  const isPlain = name !== "" && name.length <= 250 && !/^-|[\0\n\p{Cs}]|^(?:HEAD|@)$/u.test(name);
  if (isPlain) {
    const { code } = await repository.answer(["check-ref-format", ref], { signal, codes: [0, 1] });
    if (code === 0) return ref;
  }
  throw new ToolError("invalid_input", `${quote(name)} is not a branch name. ${RULES}`);
}
