import { ToolError } from "@org/server-kit";
import type { Found, Weather } from "./context.ts";
import { fromNow } from "./forecast/from-now.ts";
import type { Forecast, Place } from "./forecast/types.ts";
import { findPlace } from "./places/find.ts";
import { createGeocoder } from "./places/geocoding.ts";
import { createMetNorway } from "./providers/met-norway.ts";
import { createMeteoAlarm, hasFeed } from "./providers/meteoalarm.ts";
import { createNwsAlerts } from "./providers/nws/alerts.ts";
import { createObservations } from "./providers/nws/observation.ts";
import { NWS } from "./providers/nws/points.ts";
import { createClimate } from "./providers/open-meteo/climate.ts";
import { createOpenMeteoForecasts } from "./providers/open-meteo/forecast.ts";
import type { OpenMeteo } from "./providers/open-meteo/request.ts";
import { createServices } from "./providers/open-meteo/services.ts";
import { type ClientOptions, createClient, TTL } from "./upstream/client.ts";
import { isOutage, unavailable } from "./upstream/failure.ts";

export interface Sources {
  readonly openMeteo: OpenMeteo;
  readonly nws: string;
  readonly metNorway: string;
  readonly meteoAlarm: string;
}

/** Where the National Weather Service measures and warns. */
const NWS_COUNTRIES = new Set("US PR GU VI AS MP UM".split(" "));
const MOST_FINDS = 2000;
/** A stale answer of the first provider that is younger than this is better than a change to the second. */
const STILL_GOOD = 3 * TTL.forecast;

/** Points without a country, in the seas around the United States say: the service itself knows whether they are its own. */
const isNearNws = ({ countryCode, latitude, longitude }: Place) =>
  countryCode === undefined && latitude > 10 && latitude < 75 && (longitude < -60 || longitude > 140);

function notCovered(error: unknown): undefined {
  if (!(error instanceof ToolError) || error.code !== "not_found") throw error;
}

/** Everything behind the tools: who is asked for what, and who stands in for whom. */
export function createWeather(sources: Sources, options: ClientOptions): Weather {
  const client = createClient(options);
  const { openMeteo } = sources;
  const search = createGeocoder(client, openMeteo.geocoding, openMeteo.key);
  const first = createOpenMeteoForecasts(client, openMeteo);
  const second = createMetNorway(client, sources.metNorway);
  const nws = { client, base: sources.nws };
  const [observe, nwsAlerts] = [createObservations(nws), createNwsAlerts(nws)];
  const meteoAlarm = createMeteoAlarm(client, sources.meteoAlarm);
  const isInNws = ({ countryCode = "" }: Place) => NWS_COUNTRIES.has(countryCode);

  /** From the first provider; from the second when the first is down and what is remembered of it is old. */
  async function forecast(place: Place, signal: AbortSignal, ttl?: number): Promise<Forecast> {
    let old: Forecast | undefined;
    try {
      const whole = await first.forecast(place, signal, ttl);
      const told = fromNow(whole);
      if (rows(whole) > 0 && rows(told) === 0) throw unavailable(told.source.name, "its forecast is over already");
      if (!told.source.isStale || Date.now() - told.source.fetchedAt < STILL_GOOD) return told;
      old = told;
    } catch (error) {
      if (!isOutage(error)) throw error;
      options.log.warn("second provider", { because: error.message });
      return fromNow(await second.forecast(place, signal).catch(() => Promise.reject(error)));
    }
    const stale = old;
    return second.forecast(place, signal).then(fromNow, (error: unknown) => {
      if (!isOutage(error)) throw error;
      return stale;
    });
  }

  // Ranking a hundred namesakes takes longer than all the rest of a remembered answer.
  const finds = new Map<string, { readonly found: Found; readonly until: number }>();
  async function find(location: string, signal: AbortSignal): Promise<Found> {
    const known = finds.get(location);
    if (known && known.until > Date.now()) return known.found;
    const found = await findPlace(search, location, signal).catch((error: unknown) => {
      if (!isOutage(error)) throw error;
      const { code, message, retryable, retryAfterMs } = error;
      const when = retryAfterMs === undefined ? {} : { retryAfterMs };
      throw new ToolError(code, `${message} Coordinates (lat,lon) work without it.`, { retryable, ...when });
    });
    if (finds.size >= MOST_FINDS) finds.clear();
    finds.set(location, { found, until: Date.now() + TTL.archive });
    return found;
  }

  return {
    find,
    search,
    forecast,
    now: (place, signal) => forecast(place, signal, TTL.current),
    async compare(places, signal) {
      try {
        return (await first.compare(places, signal)).map((told) => fromNow(told));
      } catch (error) {
        if (!isOutage(error)) throw error;
        return Promise.all(places.map((place) => forecast(place, signal)));
      }
    },
    history: (place, { start, end }, signal) => first.history(place, start, end, signal),
    observe: async (place, signal) => (isInNws(place) ? observe(place, signal) : undefined),
    async alerts(place, signal) {
      if (isInNws(place)) return { ...(await nwsAlerts(place, signal)), source: NWS };
      if (isNearNws(place)) {
        const answer = await nwsAlerts(place, signal).catch(notCovered);
        return answer && { ...answer, source: NWS };
      }
      if (!hasFeed(place.countryCode)) return undefined;
      return { ...(await meteoAlarm(place, signal)), source: "MeteoAlarm" };
    },
    ...createServices(client, openMeteo),
    climate: createClimate(client, openMeteo),
  };
}

const rows = ({ daily, hourly }: Forecast) => daily.dates.length + hourly.times.length;
