import { nearest, quote } from "@org/server-kit";

/** Names that are compared: each takes some microseconds, in which nothing else is answered. */
const MOST = 5_000;

/** ` Did you mean "feature/search"?`, for a name or the last part of one; empty where none is near. */
export function didYouMean(given: string, names: readonly string[]): string {
  const candidates = names
    .slice(0, MOST)
    .flatMap((name) => [[name, name] as const, [name.replace(/^.*\//s, ""), name] as const]);
  const close = nearest(given, candidates).map((name) => quote(name, 200));
  return close.length > 0 ? ` Did you mean ${close.join(" or ")}?` : "";
}
