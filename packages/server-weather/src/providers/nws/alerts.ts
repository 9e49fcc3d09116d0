import { ToolError } from "@org/server-kit";
import type { Alert, AlertAnswer } from "../../forecast/alerts.ts";
import type { Place } from "../../forecast/types.ts";
import { coordinate, endpoint } from "../../upstream/address.ts";
import { TTL } from "../../upstream/client.ts";
import {
  type Fields,
  fieldsIn,
  fieldsOf,
  lineIn,
  listIn,
  nameIn,
  notAsDocumented,
  textIn,
  textsIn,
  timeIn,
} from "../../upstream/reading.ts";
import { factsIn, type Message, newest, referencesIn } from "../cap.ts";
import type { AlertProvider } from "../provider.ts";
import { GEO_JSON, idOf, isCovered, NWS, type Nws } from "./points.ts";

/** The prefixes of marine zones: coasts, Great Lakes and oceans. */
const MARINE = /^(AM|AN|GM|LC|LE|LH|LM|LO|LS|PH|PK|PM|PS|PZ|SL)Z/;

interface NwsAlert extends Message {
  readonly isShown: boolean;
}

/** Alerts for a point in the United States: for the point itself and for every zone that contains it. */
export function createNwsAlerts(nws: Nws): AlertProvider {
  const active = nws.client.memory({
    source: NWS,
    accept: GEO_JSON,
    ttl: TTL.alerts,
    // An old list of alerts must never pass for the current one.
    maxStale: 0,
    parse: readAlerts,
  });

  async function alerts(place: Place, signal: AbortSignal): Promise<AlertAnswer> {
    const ask = (name: string, value: string) => {
      const url = endpoint(nws.base, "/alerts/active");
      url.search = `${name}=${value}`;
      return active.get(url, signal);
    };
    const point = await nws.point(place, signal);
    const { latitude, longitude } = place;
    const lists = await Promise.all([
      ask("point", `${coordinate(latitude)},${coordinate(longitude)}`),
      ...point.zones.map((zone) => ask("zone", zone)),
    ]);
    const all = new Map(lists.flatMap(({ value }) => value).map((alert) => [alert.id, alert]));
    return { alerts: current([...all.values()]), checkedAt: Math.min(...lists.map(({ fetchedAt }) => fetchedAt)) };
  }

  return {
    source: NWS,
    covers: (place) => isCovered(place) || isNear(place),
    alerts: (place, signal) => (isCovered(place) ? alerts(place, signal) : alerts(place, signal).catch(notCovered)),
  };
}

/**
 * For points without a country, such as the seas around the United States, only the service knows whether it covers
 * them.
 */
const isNear = ({ countryCode, latitude, longitude }: Place) =>
  countryCode === undefined && latitude > 10 && latitude < 75 && (longitude < -60 || longitude > 140);

function notCovered(error: unknown): undefined {
  if (!(error instanceof ToolError) || error.code !== "not_found") throw error;
}

/** The newest alert of each chain of updates, except cancelled, test and past ones. */
export function current(alerts: readonly NwsAlert[]): Alert[] {
  const left = newest(alerts).filter(({ isShown, ends, expires }) => {
    const end = ends ?? expires;
    return isShown && (end === undefined || end > Date.now());
  });
  return left.map(({ replaces: _, isShown: __, ...alert }) => alert);
}

function readAlerts(json: unknown): NwsAlert[] {
  const fields = fieldsOf(json);
  if (!Array.isArray(fields?.get("features"))) throw notAsDocumented(NWS, "no list of alerts");
  return listIn(fields, "features").map((feature) => {
    const properties = fieldsOf(fieldsOf(feature)?.get("properties"));
    const id = nameIn(properties, "id");
    // Skipping it would turn "unknown" into "none".
    if (!properties || id === undefined) throw notAsDocumented(NWS, "an alert without an id");
    return alertOf(properties, id, nameIn(properties, "event") ?? "Alert without a name");
  });
}

function alertOf(properties: Fields, id: string, event: string): NwsAlert {
  const parameters = fieldsIn(properties, "parameters");
  const expired = textsIn(parameters, "expiredReferences").flatMap(referencesIn);
  const references = listIn(properties, "references").flatMap((one) => textIn(fieldsOf(one), "identifier") ?? []);
  const affected = textsIn(properties, "affectedZones").flatMap((zone) => idOf(zone) ?? []);
  const coded = textsIn(fieldsIn(properties, "geocode"), "UGC");
  const zones = affected.length > 0 ? affected : coded;
  const [water, land] = [zones.some((zone) => MARINE.test(zone)), zones.some((zone) => !MARINE.test(zone))];
  const status = textIn(properties, "status") ?? "Actual";
  const isTest = status !== "Actual" || /^test\b/i.test(event);
  return {
    ...factsIn(properties),
    id,
    event,
    area: lineIn(properties, "areaDesc"),
    surface: water && land ? "land and water" : water ? "water" : land ? "land" : undefined,
    ends: timeIn(properties, "ends"),
    expires: timeIn(properties, "expires"),
    sender: nameIn(properties, "senderName") ?? "National Weather Service",
    replaces: [...references, ...expired],
    isShown: !isTest && textIn(properties, "messageType") !== "Cancel",
  };
}
