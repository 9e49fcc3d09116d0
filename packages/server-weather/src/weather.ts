import { ToolError } from "@org/server-kit";
import type { Weather } from "./context.ts";
import { fromNow } from "./forecast/from-now.ts";
import type { Forecast, Place } from "./forecast/types.ts";
import { type Found, findPlace } from "./places/find.ts";
import { createGeocoder } from "./places/geocoding.ts";
import { createMetNorway } from "./providers/met-norway.ts";
import { createMeteoAlarm } from "./providers/meteoalarm.ts";
import { createNwsAlerts } from "./providers/nws/alerts.ts";
import { createObservations } from "./providers/nws/observation.ts";
import { createNws } from "./providers/nws/points.ts";
import { createClimate } from "./providers/open-meteo/climate.ts";
import { createOpenMeteoForecasts } from "./providers/open-meteo/forecast.ts";
import type { OpenMeteo } from "./providers/open-meteo/request.ts";
import { createServices } from "./providers/open-meteo/services.ts";
import type { AlertProvider, ForecastProvider } from "./providers/provider.ts";
import { type ClientOptions, createClient, TTL } from "./upstream/client.ts";
import { isOutage, unavailable } from "./upstream/failure.ts";

export interface Sources {
  readonly openMeteo: OpenMeteo;
  readonly nws: string;
  readonly metNorway: string;
  readonly meteoAlarm: string;
}

const MOST_FOUND_PLACES = 2000;
/** A stale answer younger than this is better than switching to the next provider. */
const STILL_GOOD = 3 * TTL.forecast;

/** Decides which source answers each kind of request, and which one replaces it when it is down. */
export function createWeather(sources: Sources, options: ClientOptions): Weather {
  const client = createClient(options);
  const { openMeteo } = sources;
  const search = createGeocoder(client, openMeteo.geocoding, openMeteo.key);
  const openMeteoForecasts = createOpenMeteoForecasts(client, openMeteo);
  const forecastProviders: readonly ForecastProvider[] = [
    openMeteoForecasts,
    createMetNorway(client, sources.metNorway),
  ];
  const nws = createNws(client, sources.nws);
  const alertProviders: readonly AlertProvider[] = [createNwsAlerts(nws), createMeteoAlarm(client, sources.meteoAlarm)];

  /** Asks the providers in order. A stale answer is used while it is recent, or when all providers are down. */
  async function forecast(place: Place, signal: AbortSignal, ttl?: number): Promise<Forecast> {
    let stale: Forecast | undefined;
    let failure: ToolError | undefined;
    for (const provider of forecastProviders) {
      try {
        const whole = await provider.forecast(place, signal, ttl);
        const told = fromNow(whole);
        if (rows(whole) > 0 && rows(told) === 0) throw unavailable(told.source.name, "its forecast is over already");
        if (!told.source.isStale || Date.now() - told.source.fetchedAt < STILL_GOOD) return told;
        stale ??= told;
      } catch (error) {
        if (!isOutage(error)) throw error;
        options.log.warn("provider down", { because: error.message });
        failure ??= error;
      }
    }
    if (stale) return stale;
    throw failure ?? new Error("no provider of forecasts");
  }

  // Ranking a hundred namesakes takes longer than everything else in a cached answer.
  const foundPlaces = new Map<string, { readonly found: Found; readonly until: number }>();
  async function find(location: string, signal: AbortSignal): Promise<Found> {
    const known = foundPlaces.get(location);
    if (known && known.until > Date.now()) return known.found;
    const found = await findPlace(search, location, signal).catch((error: unknown) => {
      if (!isOutage(error)) throw error;
      const { code, message, retryable, retryAfterMs } = error;
      const when = retryAfterMs === undefined ? {} : { retryAfterMs };
      throw new ToolError(code, `${message} Coordinates (lat,lon) work without it.`, { retryable, ...when });
    });
    if (foundPlaces.size >= MOST_FOUND_PLACES) foundPlaces.clear();
    foundPlaces.set(location, { found, until: Date.now() + TTL.archive });
    return found;
  }

  return {
    find,
    search,
    forecast,
    now: (place, signal) => forecast(place, signal, TTL.current),
    async compare(places, signal) {
      try {
        return (await openMeteoForecasts.compare(places, signal)).map((told) => fromNow(told));
      } catch (error) {
        if (!isOutage(error)) throw error;
        return Promise.all(places.map((place) => forecast(place, signal)));
      }
    },
    history: (place, { start, end }, signal) => openMeteoForecasts.history(place, start, end, signal),
    observe: createObservations(nws),
    async alerts(place, signal) {
      const provider = alertProviders.find((one) => one.covers(place));
      const answer = await provider?.alerts(place, signal);
      return provider && answer && { ...answer, source: provider.source };
    },
    ...createServices(client, openMeteo),
    climate: createClimate(client, openMeteo),
  };
}

const rows = ({ daily, hourly }: Forecast) => daily.dates.length + hourly.times.length;
