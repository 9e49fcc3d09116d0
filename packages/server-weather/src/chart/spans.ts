import type { ChartDay, Span } from "./types.ts";

/** The middle of a span: where its figures are plotted. */
export const middleOf = ({ start, end }: Pick<Span, "start" | "end">): number => (start + end) / 2;

/**
 * Redistributes precipitation over new spans: a longer step is spread evenly, and a span has no sum if less than half
 * of it is known. The probability is the highest among the steps that overlap.
 */
export function redivide(given: readonly Span[], start: number, end: number, length: number): Span[] {
  const spans: Span[] = [];
  let first = 0;
  for (let from = start; from < end; from += length) {
    const to = Math.min(from + length, end);
    while ((given[first]?.end ?? Number.POSITIVE_INFINITY) <= from) first += 1;
    let [sum, covered, probability] = [0, 0, -1];
    for (let at = first; at < given.length; at += 1) {
      const span = given[at];
      if (!span || span.start >= to) break;
      const shared = Math.min(span.end, to) - Math.max(span.start, from);
      probability = Math.max(probability, span.probability ?? -1);
      if (span.precipitation === undefined) continue;
      sum += (span.precipitation * shared) / (span.end - span.start);
      covered += shared;
    }
    spans.push({
      start: from,
      end: to,
      precipitation: covered >= (to - from) / 2 ? sum : undefined,
      probability: probability < 0 ? undefined : probability,
    });
  }
  return spans;
}

/** More days than this are drawn by the week, because the daily bars of a year would be two pixels wide. */
export const MOST_DAYS = 120;

/** Groups days by seven; the last week may be shorter. */
export function weeksOf(days: readonly ChartDay[]): ChartDay[] {
  const weeks: ChartDay[] = [];
  for (let at = 0; at < days.length; at += 7) {
    const [first, ...rest] = days.slice(at, at + 7);
    if (first) weeks.push(rest.reduce(joined, first));
  }
  return weeks;
}

function joined(week: ChartDay, day: ChartDay): ChartDay {
  const isWet = week.precipitation !== undefined && day.precipitation !== undefined;
  return {
    ...week,
    end: day.end,
    precipitation: isWet ? (week.precipitation ?? 0) + (day.precipitation ?? 0) : undefined,
    probability: highest(week.probability, day.probability),
    feelsHigh: highest(week.feelsHigh, day.feelsHigh),
    feelsLow: lowest(week.feelsLow, day.feelsLow),
    wind: highest(week.wind, day.wind),
    gusts: highest(week.gusts, day.gusts),
    direction: undefined,
  };
}

const extreme = (pick: (...figures: number[]) => number) => (one: number | undefined, other: number | undefined) =>
  one === undefined ? other : other === undefined ? one : pick(one, other);
const highest = extreme(Math.max);
const lowest = extreme(Math.min);
