import type { Forecast, Place } from "./forecast/types.ts";

/** A location that was looked up. */
export interface Found {
  readonly place: Place;
  /** Others of the same name, nearest in rank first, each with what to pass to get it: "Paris, Texas". */
  readonly others: readonly { readonly place: Place; readonly ask: string }[];
}

/** Dates there, "2026-11-28", both included. */
export interface DateRange {
  readonly start: string;
  readonly end: string;
}

/** What the handlers of this server may use. */
export interface Weather {
  /**
   * Finds what a location means.
   * @throws ToolError `not_found` with what to try, `invalid_input` for coordinates that do not exist
   */
  find(location: string, signal: AbortSignal): Promise<Found>;
  /** Sixteen days from today in the place's own time, from the first provider that answers. */
  forecast(place: Place, signal: AbortSignal): Promise<Forecast>;
  /** A past period, from 1940 on. */
  history(place: Place, range: DateRange, signal: AbortSignal): Promise<Forecast>;
}
