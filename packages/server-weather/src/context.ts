import type { AlertAnswer } from "./forecast/alerts.ts";
import type { TableReply } from "./forecast/table.ts";
import type { Forecast, Place } from "./forecast/types.ts";
import type { Found } from "./places/find.ts";
import type { Candidate } from "./places/geocoding.ts";
import type { ObservationResult } from "./providers/nws/observation.ts";
import type { Climate } from "./providers/open-meteo/climate.ts";
import type { Reply } from "./upstream/client.ts";

/** Dates there, "2026-11-28", both included. */
export interface DateRange {
  readonly start: string;
  readonly end: string;
}

/** What handlers may use. Every function takes the call's signal, and throws `unavailable` or `rate_limited`. */
export interface Weather {
  /**
   * Finds the place that a location means.
   * @throws ToolError `not_found` with suggestions, `invalid_input` for coordinates that do not exist
   */
  find(location: string, signal: AbortSignal): Promise<Found>;
  /** All places with a name, best first, with their names in the given language. */
  search(name: string, language: string, signal: AbortSignal): Promise<readonly Candidate[]>;
  /** Up to sixteen days, beginning with today there, from the first provider that answers. */
  forecast(place: Place, signal: AbortSignal): Promise<Forecast>;
  /** The same, with current weather that is at most ten minutes old. */
  now(place: Place, signal: AbortSignal): Promise<Forecast>;
  /** Forecasts for several places in one request. */
  compare(places: readonly Place[], signal: AbortSignal): Promise<readonly Forecast[]>;
  /** A past period, from 1940 on; hours for up to 31 days. */
  history(place: Place, range: DateRange, signal: AbortSignal): Promise<Forecast>;
  /** A station's report; undefined outside the United States. */
  observe(place: Place, signal: AbortSignal): Promise<ObservationResult | undefined>;
  /** Warnings; undefined if no source covers the country. */
  alerts(place: Place, signal: AbortSignal): Promise<(AlertAnswer & { readonly source: string }) | undefined>;
  air(place: Place, signal: AbortSignal): Promise<TableReply>;
  sea(place: Place, signal: AbortSignal): Promise<TableReply>;
  ensemble(place: Place, signal: AbortSignal): Promise<TableReply>;
  climate(place: Place, signal: AbortSignal): Promise<Reply<Climate>>;
}
