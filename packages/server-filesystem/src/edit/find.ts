/** Length of the part of a pattern that the engine searches for, which bounds its work at each place. */
const PROBE = 32;
/** Wasted comparisons per character of the text before switching to the search that is always linear. */
const PATIENCE = 4;

/**
 * Every place of a pattern in a text, in order, including overlapping ones. Linear in time for any input: for texts
 * like "aaa…", the engine's own search is quadratic and would hold up every other call.
 */
export function* findAll(text: string, pattern: string, from = 0): Generator<number> {
  if (pattern.length <= PROBE) {
    for (let at = text.indexOf(pattern, from); at !== -1; at = text.indexOf(pattern, at + 1)) yield at;
    return;
  }
  const inside = rarestPart(pattern);
  const probe = pattern.slice(inside, inside + PROBE);
  let spent = 0;
  for (let at = text.indexOf(probe, from + inside); at !== -1; at = text.indexOf(probe, at + 1)) {
    const start = at - inside;
    if (text.startsWith(pattern, start)) yield start;
    spent += pattern.length;
    if (spent > PATIENCE * text.length) {
      yield* findLinear(text, pattern, start + 1);
      return;
    }
  }
}

/** The part of the pattern with the most different characters, which the fewest places in the text resemble. */
function rarestPart(pattern: string): number {
  let best = { start: 0, kinds: 0 };
  const step = Math.max(1, Math.floor((pattern.length - PROBE) / 16));
  for (let start = 0; start + PROBE <= pattern.length; start += step) {
    const kinds = new Set(pattern.slice(start, start + PROBE)).size;
    if (kinds > best.kinds) best = { start, kinds };
  }
  return best.start;
}

/** Knuth-Morris-Pratt search, which reads every character of the text once. */
function* findLinear(text: string, pattern: string, from: number): Generator<number> {
  const borders = bordersOf(pattern);
  let matched = 0;
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    while (matched > 0 && pattern.charCodeAt(matched) !== code) matched = borders[matched - 1] ?? 0;
    if (pattern.charCodeAt(matched) === code) matched += 1;
    if (matched < pattern.length) continue;
    yield at - matched + 1;
    matched = borders[matched - 1] ?? 0;
  }
}

/** For each prefix of the pattern, the length of its longest proper border. */
function bordersOf(pattern: string): Uint32Array {
  const borders = new Uint32Array(pattern.length);
  let length = 0;
  for (let at = 1; at < pattern.length; at += 1) {
    while (length > 0 && pattern.charCodeAt(at) !== pattern.charCodeAt(length)) length = borders[length - 1] ?? 0;
    if (pattern.charCodeAt(at) === pattern.charCodeAt(length)) length += 1;
    borders[at] = length;
  }
  return borders;
}
