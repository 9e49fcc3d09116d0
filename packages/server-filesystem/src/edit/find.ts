/** Characters of a pattern that the engine searches for: it looks at each place at most so many times. */
const PROBE = 32;
/** Characters compared in vain, for each of the text, until the search that is always linear takes over. */
const PATIENCE = 4;

/**
 * Every place of a pattern in a text, in order, also those that overlap. Linear in time whatever the texts: the
 * engine's own search takes its product for texts like "aaa…", which would hold up every other call.
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

/** Where in the pattern the most different characters are together: fewest places in the text are like it. */
function rarestPart(pattern: string): number {
  let best = { start: 0, kinds: 0 };
  const step = Math.max(1, Math.floor((pattern.length - PROBE) / 16));
  for (let start = 0; start + PROBE <= pattern.length; start += step) {
    const kinds = new Set(pattern.slice(start, start + PROBE)).size;
    if (kinds > best.kinds) best = { start, kinds };
  }
  return best.start;
}

/** Knuth, Morris and Pratt's search: no character of the text is looked at again. */
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

/** For each beginning of the pattern, the length of the longest one that it also ends with. */
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
