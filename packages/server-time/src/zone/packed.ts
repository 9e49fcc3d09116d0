import { parsePosixRule, ruleSegments } from "./posix-rule.ts";
import type { Segment, Zone } from "./zone.ts";

/** The last year in which a zone's rule is expanded: instants near the end of 2100 reach into 2101. */
export const LAST_RULE_YEAR = 2102;

/**
 * Unpacks one zone of data/zones.json: `types|rule|changes`.
 * - types: `abbreviation,offset[,d]` each, separated by spaces; d is the isdst flag, offsets are seconds east
 * - rule: the POSIX rule that applies after the last change
 * - changes: the number of the first type, then for each change the number of its type and the time since the previous
 *   change (the first: since 1970) in minutes, `.` and seconds if there are any; all in base 36, with a single digit
 *   for the type's number
 */
export function unpackZone(name: string, packed: string): Zone {
  const [typeList = "", rule = "", changeList = ""] = packed.split("|");
  const types = typeList.split(" ").map((type) => {
    const [abbreviation = "", offset, flag] = type.split(",");
    return { abbreviation, offset: Number(offset), flagged: flag === "d" };
  });
  let start = 0;
  const segments = changeList.split(" ").map((change, index): Segment => {
    const type = types[Number.parseInt(change.charAt(0), 36)];
    if (!type) throw new RangeError(`data of ${name} is damaged`);
    if (index === 0) return { start: Number.NEGATIVE_INFINITY, ...type };
    const [minutes = "0", seconds = "0"] = change.slice(1).split(".");
    start += Number.parseInt(minutes, 36) * 60 + Number.parseInt(seconds, 36);
    return { start, ...type };
  });
  return { name, segments: [...segments, ...rulePart(rule, segments.length > 1 ? start : undefined)] };
}

function rulePart(rule: string, after = Date.UTC(1900, 0, 1) / 1000): Segment[] {
  const year = new Date(after * 1000).getUTCFullYear();
  const segments = [...ruleSegments(parsePosixRule(rule), year - 1, LAST_RULE_YEAR)];
  return segments.filter(({ start }) => start > after);
}
