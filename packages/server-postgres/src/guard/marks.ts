import type { Procedure } from "./catalogue/catalogue.ts";
import type { Policy } from "./policy.ts";
import { isDangerous, READS_UNNAMED, SAFE_BUILT_IN, SAFE_OF_EXTENSIONS } from "./reviewed.ts";

/** Functions are judged by what they declare, such as volatility, except for those that were reviewed. */
export function inMarks(
  { name, origin, volatility, isDefiner, args, argNames }: Procedure,
  policy: Policy,
): string | undefined {
  const types = args.map((arg) => arg.name);
  if (policy.hidesSettings && name === "pg_show_all_settings") return "may show settings that hold a password";
  if (isDangerous(name, types, argNames)) {
    return "does what the query does not show: with SQL that it is given as text, or tables, types or files given by name";
  }
  const reviewed = origin === "built-in" ? SAFE_BUILT_IN : SAFE_OF_EXTENSIONS;
  if (reviewed.has(name)) return undefined;
  if (origin === "extension" && !policy.isNarrowed && !policy.hasMasks && READS_UNNAMED.has(name)) return undefined;
  if (volatility === "v")
    return "is volatile: it may change something outside of the query, and is not on the list of those reviewed";
  return isDefiner ? "is SECURITY DEFINER: it runs with the rights of its owner" : undefined;
}
