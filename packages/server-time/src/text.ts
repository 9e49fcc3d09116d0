const LONGEST_QUOTE = 40;

/**
 * What a caller sent, fit for an error message: at most 40 characters, nothing invisible. A megabyte
 * of it, a NUL or a sign that turns the line around must not reach the model as such.
 */
export function quote(text: string): string {
  const cut = text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
  const visible = cut.replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, escaped);
  return `"${visible}"`;
}

const escaped = (character: string) => `\\u{${character.codePointAt(0)?.toString(16) ?? ""}}`;

/** "a", "a or b", "a, b or c". */
export function alternatives(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} or ${last}`;
}
