/**
 * The data of charts, both in the server and in the browser:
 *
 * - from-forecast.ts makes a `ChartData` of a forecast, `src/view/` one of a tool's result;
 * - plot.ts turns moments and figures into pixels, axis.ts draws what all panels share;
 * - panels/ has one file for each panel, and the strip of days above them;
 * - picture.ts puts them together in two halves, letters.ts turns words into outlines of the shipped font (font.ts),
 *   png.ts makes the pixels, facts.ts says the same in a line.
 *
 * Only pictures need Node.js: the view uses neither the strip nor letters.ts and png.ts.
 *
 * Moments are milliseconds since 1970. A figure that the source does not have is undefined, and leaves a gap in the
 * chart.
 */

export interface ChartUnits {
  readonly temperature: string;
  readonly precipitation: string;
  readonly wind: string;
}

/** The fields that an hour and a longer span share. */
export interface Span {
  readonly start: number;
  readonly end: number;
  /** The total within the span. */
  readonly precipitation?: number | undefined;
  /** Percent. */
  readonly probability?: number | undefined;
}

/** The hour before the moment `end`, and the weather at that moment. A source may have steps of several hours. */
export interface ChartHour extends Span {
  readonly temperature?: number | undefined;
  readonly feelsLike?: number | undefined;
  readonly wind?: number | undefined;
  readonly gusts?: number | undefined;
  /** Where the wind comes from, in degrees clockwise from north. */
  readonly direction?: number | undefined;
}

/** One of the place's own days, or a week of them. */
export interface ChartDay extends Span {
  /** "2026-11-28". */
  readonly date: string;
  readonly high?: number | undefined;
  readonly low?: number | undefined;
  readonly feelsHigh?: number | undefined;
  readonly feelsLow?: number | undefined;
  readonly wind?: number | undefined;
  readonly gusts?: number | undefined;
  readonly direction?: number | undefined;
  /** Such as "light rain". */
  readonly weather?: string | undefined;
  readonly sun: Daylight;
}

/** From sunrise to sunset, on days that have both. */
export interface Daylight {
  readonly sunrise?: number | undefined;
  readonly sunset?: number | undefined;
  readonly words?: "does not rise" | "does not set" | undefined;
}

export interface ChartData {
  /** IANA name. Axes show the place's local time. */
  readonly zone: string;
  readonly units: ChartUnits;
  /** Ascending, at least one. */
  readonly days: readonly ChartDay[];
  /** Ascending; empty where there are only days. */
  readonly hours: readonly ChartHour[];
}

/** CSS colours: fixed ones in a picture, variables of the theme in the view. */
export interface Palette {
  readonly background: string;
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  readonly night: string;
  readonly warm: string;
  readonly cold: string;
  readonly feels: string;
  readonly rain: string;
  readonly chance: string;
  readonly wind: string;
  readonly gusts: string;
  readonly sun: string;
  readonly cloud: string;
}
