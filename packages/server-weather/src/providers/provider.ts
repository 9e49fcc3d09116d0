import type { AlertAnswer } from "../forecast/alerts.ts";
import type { Forecast, Place } from "../forecast/types.ts";

/** A source of forecasts. When it is down, the next one is asked. */
export interface ForecastProvider {
  /**
   * @param ttl most milliseconds of age for a cached answer; by default, as for its kind
   * @throws ToolError `unavailable` or `rate_limited` when it is down
   */
  forecast(place: Place, signal: AbortSignal, ttl?: number): Promise<Forecast>;
}

/** A source of warnings. The first one that covers a place is asked. */
export interface AlertProvider {
  readonly source: string;
  covers(place: Place): boolean;
  /** Undefined when it turns out that the place is not covered. */
  alerts(place: Place, signal: AbortSignal): Promise<AlertAnswer | undefined>;
}
