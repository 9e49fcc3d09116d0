import type { Identity } from "./names.ts";

/**
 * Rewrites every mention of one identity in a text to another, in one pass, so that a new name that contains
 * the old one is not rewritten twice. `@acme` does not match inside `@acme-labs`, `io.github.acme` not inside
 * `io.github.acmetools`, and no address matches one that goes on with a longer name.
 */
export function replaceIdentity(text: string, from: Identity, to: Identity): { text: string; count: number } {
  const before = partsOf(from);
  const after = partsOf(to);
  // The order of the alternatives does not matter, since they all start differently.
  const pattern = new RegExp(before.map((part) => part.pattern).join("|"), "g");
  let count = 0;
  const replaced = text.replace(pattern, (...match) => {
    const index = match.slice(1, 1 + before.length).findIndex((group) => group !== undefined);
    count += 1;
    return after[index]?.text ?? "";
  });
  return { text: replaced, count };
}

/** The forms in which an identity is written, each as one capturing group. */
function partsOf({ scope, namespace, repository }: Identity) {
  const { host, pathname } = new URL(repository);
  const name = scope.slice(1);
  // A dot may end a sentence or continue a name; `.git` is part of an address.
  const addressEnd = String.raw`(?![\w-]|\.(?!git\b)\w)`;
  return [
    { text: `${host}${pathname}`, pattern: group("(?<![\\w.-])", `${host}${pathname}`, addressEnd) },
    {
      text: `${host}:${pathname.slice(1)}`,
      pattern: group("(?<![\\w.-])", `${host}:${pathname.slice(1)}`, addressEnd),
    },
    { text: namespace, pattern: group("(?<![\\w.-])", namespace, String.raw`(?![\w-]|\.\w)`) },
    { text: scope, pattern: group("(?<![\\w.-])", scope, String.raw`(?![\w-]|\.\w)`) },
    // Links that install a server in a host carry the package's name percent-encoded.
    { text: `%40${name}%2F`, pattern: group("", `%40${name}%2F`, "") },
  ];
}

function group(before: string, text: string, after: string): string {
  return `${before}(${text.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)})${after}`;
}
