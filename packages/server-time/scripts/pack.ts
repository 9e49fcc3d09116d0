import { unpackZone } from "../src/zone/packed.ts";
import { parsePosixRule, ruleSegments } from "../src/zone/posix-rule.ts";
import { segmentAt } from "../src/zone/zone.ts";
import type { Tzif, TzifType } from "./tzif.ts";

// A local time in 1900 can be in 1899 by UTC.
const FIRST = Date.UTC(1899, 11, 1) / 1000;
const END = Date.UTC(2101, 1, 1) / 1000;

/** Packs a zone for src/zone/packed.ts, without the changes that its rule implies. */
export function packZone({ first, transitions, rule }: Tzif): string {
  const changes = realChanges({ first, transitions });
  const kept = changes.filter(({ start }) => start > FIRST);
  const before = changes.findLast(({ start }) => start <= FIRST) ?? first;
  const table = dropRulePart(kept, rule);
  const types = [...new Set([before, ...table].map(typeText))];
  const digit = (type: TzifType) => types.indexOf(typeText(type)).toString(36);
  let last = 0;
  const list = table.map((change) => {
    const delta = change.start - last;
    last = change.start;
    const minutes = Math.floor(delta / 60);
    const seconds = delta - minutes * 60;
    return `${digit(change)}${minutes.toString(36)}${seconds ? `.${seconds.toString(36)}` : ""}`;
  });
  return [types.join(" "), rule, [digit(before), ...list].join(" ")].join("|");
}

/**
 * Compares a packed zone with the compiled one: before and at every transition of its table (usually to 2037, to 2086
 * where Ramadan decides), and at those of its rule from there to 2100. @returns the number of instants compared @throws
 * RangeError naming the first difference
 */
export function verifyZone(name: string, packed: string, tzif: Tzif): number {
  const zone = unpackZone(name, packed);
  const expected = (instant: number): TzifType =>
    tzif.transitions.findLast(({ start }) => start <= instant) ?? tzif.first;
  const inTable = tzif.transitions.filter(({ start }) => start > FIRST);
  const instants = [FIRST, ...inTable.flatMap(({ start }) => [start - 1, start])];
  for (const instant of instants) same(name, instant, segmentAt(zone, instant), expected(instant));
  const rule = parsePosixRule(tzif.rule);
  const tableEnd = inTable.at(-1)?.start ?? FIRST;
  const later = [...ruleSegments(rule, 1900, 2100)].filter(({ start }) => start > tableEnd);
  if (later.length === 0) same(name, END, segmentAt(zone, END), { ...rule.standard, flagged: false });
  let before = expected(tableEnd);
  for (const segment of later) {
    same(name, segment.start - 1, segmentAt(zone, segment.start - 1), before);
    same(name, segment.start, segmentAt(zone, segment.start), segment);
    before = segment;
  }
  return instants.length + later.length * 2;
}

function same(name: string, instant: number, actual: TzifType, expected: TzifType): void {
  if (typeText(actual) === typeText(expected)) return;
  const time = new Date(instant * 1000).toISOString();
  throw new RangeError(`${name} at ${time}: packed ${typeText(actual)}, compiled ${typeText(expected)}.`);
}

/** Leaves out transitions that change nothing, which some compilers write. */
function realChanges({ first, transitions }: Omit<Tzif, "rule">): Tzif["transitions"] {
  let last: TzifType = first;
  return transitions.filter((change) => {
    const differs = typeText(change) !== typeText(last);
    last = change;
    return differs;
  });
}

function dropRulePart(table: Tzif["transitions"], ruleText: string): Tzif["transitions"] {
  const end = table.at(-1)?.start ?? FIRST;
  const rule = [...ruleSegments(parsePosixRule(ruleText), 1900, 2100)].filter(({ start }) => start <= end);
  let length = table.length;
  for (const segment of rule.reverse()) {
    const last = table[length - 1];
    const same = last !== undefined && typeText(last) === typeText(segment);
    // A change to what is already in force is harmless.
    if (same && segment.start > last.start) continue;
    if (same && segment.start === last.start) {
      length--;
      continue;
    }
    // The rule resumes after the last change that is kept. If that would be too early, in years with other customs, the
    // first of the rule's own changes is kept as well.
    const resumesEarly = segment.start > (last?.start ?? FIRST);
    return table.slice(0, resumesEarly ? length + 1 : length);
  }
  return table.slice(0, length);
}

function typeText({ abbreviation, offset, flagged }: TzifType): string {
  return `${abbreviation},${offset}${flagged ? ",d" : ""}`;
}
