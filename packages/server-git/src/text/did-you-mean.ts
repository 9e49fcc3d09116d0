import { nearest, quote } from "@org/server-kit";

/** The most names compared: each takes microseconds that delay all other calls. */
const MOST = 5_000;

/** ` Did you mean "feature/search"?`, compared with whole names and their last parts; empty if none is close. */
export function didYouMean(given: string, names: readonly string[]): string {
  const candidates = names
    .slice(0, MOST)
    .flatMap((name) => [[name, name] as const, [name.replace(/^.*\//s, ""), name] as const]);
  const close = nearest(given, candidates).map((name) => quote(name, 200));
  return close.length > 0 ? ` Did you mean ${close.join(" or ")}?` : "";
}
