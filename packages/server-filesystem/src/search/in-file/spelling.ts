/** Syntax of other dialects, and its equivalent in JavaScript. */
const SPELLINGS: readonly (readonly [spelling: RegExp, instead: string])[] = [
  [/\[\[:[a-z]+:\]/, "Write [[:alpha:]] as [A-Za-z] or \\p{L}, [[:digit:]] as \\d, [[:space:]] as \\s"],
  [/\(\?-?[imsxU]+(?:-[imsx]+)?[):]/, "Leave (?i) out and pass case_sensitive: false; other inline flags do not exist"],
  [/\\A/, "Write \\A as ^: each line is matched by itself"],
  [/\\[zZ]/, "Write \\z as $: each line is matched by itself"],
  [/\\[<>]|\[\[:[<>]:\]\]/, "Write \\< and \\> as \\b"],
  [/\\h/, "Write \\h as [ \\t]"],
  [/\\R/, "Leave \\R out: line ends are not part of a line"],
  [/\\Q|\\E/, "\\Q…\\E does not exist: pass regex: false for plain text"],
  [/\\K/, "Write \\K as a lookbehind, (?<=…)"],
  [/\(\?P[<=>]/, "Write (?P<name>…) as (?<name>…), and (?P=name) as \\k<name>"],
  [/\(\?>/, "Write (?>…) as (?:…): atomic groups do not exist"],
  [/\(\?[#R|&]/, "Comments and recursion in groups do not exist"],
  [/(?:[^\\]|^)[*+?}]\+/, "Possessive quantifiers do not exist: write a+ for a++"],
  [/\\[|+?](?![^[]*\])|\\\(.*\\\)/, "Write | + ? ( ) without a backslash: with one they are plain characters"],
  [/\\r/, "Leave \\r out: line ends are not part of a line"],
];

/** What to write instead of syntax from POSIX, PCRE or another dialect. */
export const spellingHint = (source: string): string | undefined =>
  SPELLINGS.find(([spelling]) => spelling.test(source))?.[1];
