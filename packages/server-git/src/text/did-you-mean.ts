import { nearest, quote } from "@org/server-kit";

/** ` Did you mean "feature/search"?`, for a name or the last part of one; empty where none is near. */
export function didYouMean(given: string, names: readonly string[]): string {
  const candidates = names.flatMap((name) => [[name, name] as const, [name.replace(/^.*\//s, ""), name] as const]);
  const close = nearest(given, candidates).map((name) => quote(name, 200));
  return close.length > 0 ? ` Did you mean ${close.join(" or ")}?` : "";
}
