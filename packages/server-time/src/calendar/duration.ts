import { quote, ToolError } from "@org/server-kit";

/** Calendar steps, then seconds of exact time; all of the same sign, and never -0. */
export interface Duration {
  readonly months: number;
  readonly days: number;
  readonly seconds: number;
}

const LONGEST = 64;
const COUNT = "(\\d{1,9})";
const FRACTION = "(?:[.,](\\d{1,9}))?";
const DURATION = new RegExp(
  `^([+-]?)P(?=.)(?:${COUNT}Y)?(?:${COUNT}M)?(?:${COUNT}W)?(?:${COUNT}D)?` +
    `(?:T(?=.)(?:${COUNT}${FRACTION}H)?(?:${COUNT}${FRACTION}M)?(?:${COUNT}${FRACTION}S)?)?$`,
);

/**
 * Parses an ISO 8601 duration: `P1DT2H`, `-P1M`, `PT1.5H`. Letters are capitals; only the last unit may have a
 * fraction, if it is a unit of time and comes to whole seconds. @throws ToolError invalid_input that says which form is
 * right
 */
export function parseDuration(text: string): Duration {
  const match = text.length <= LONGEST ? DURATION.exec(text) : null;
  if (!match) {
    throw new ToolError(
      "invalid_input",
      `${quote(text)} is not an ISO 8601 duration. Write capitals, largest unit first, one sign in front, at most 9 digits each: "P1Y2M3W4DT5H6M7S", "PT90M", "-P1M".`,
    );
  }
  const [sign, years, months, weeks, days] = match.slice(1, 6);
  const factor = sign === "-" ? -1 : 1;
  const signed = (amount: number) => (amount === 0 ? 0 : amount * factor);
  return {
    months: signed(Number(years ?? 0) * 12 + Number(months ?? 0)),
    days: signed(Number(weeks ?? 0) * 7 + Number(days ?? 0)),
    seconds: signed(exactSeconds(text, match.slice(6))),
  };
}

function exactSeconds(text: string, parts: readonly (string | undefined)[]): number {
  const units = [3600, 60, 1].map((size, index) => ({
    size,
    count: parts[index * 2],
    fraction: parts[index * 2 + 1],
  }));
  const last = units.findLast(({ count }) => count !== undefined);
  let total = 0;
  for (const unit of units) {
    total += Number(unit.count ?? 0) * unit.size;
    if (unit.fraction === undefined) continue;
    if (unit !== last) refuseFraction(text, "only the last unit may have a fraction");
    const scale = 10 ** unit.fraction.length;
    const part = Number(unit.fraction) * unit.size;
    if (part % scale !== 0) refuseFraction(text, "a fraction must come out at whole seconds");
    total += part / scale;
  }
  return total;
}

function refuseFraction(text: string, why: string): never {
  throw new ToolError("invalid_input", `duration ${quote(text)}: ${why} ("PT1.5H" is PT1H30M).`);
}

/** `PT49H30M`, `-PT1H`, `PT0S`: no days, because a day may have 23 hours. */
export function formatSeconds(seconds: number): string {
  const total = Math.abs(seconds);
  const units = [
    [Math.floor(total / 3600), "H"],
    [Math.floor((total % 3600) / 60), "M"],
    [total % 60, "S"],
  ] as const;
  const text = units.map(([count, letter]) => (count > 0 ? `${count}${letter}` : "")).join("");
  return `${seconds < 0 ? "-" : ""}PT${text || "0S"}`;
}
