import type { AlertAnswer } from "../forecast/alerts.ts";
import type { Place } from "../forecast/types.ts";
import { fold } from "../places/codes.ts";
import { endpoint } from "../upstream/address.ts";
import { type Client, TTL } from "../upstream/client.ts";
import {
  type Fields,
  fieldsIn,
  fieldsOf,
  listIn,
  nameIn,
  notAsDocumented,
  textIn,
  timeIn,
} from "../upstream/reading.ts";
import { factsIn, type Message, newest, referencesIn } from "./cap.ts";
import type { AlertProvider } from "./provider.ts";

const METEOALARM = "MeteoAlarm";

/** The countries that warn through MeteoAlarm, as its feeds name them. */
const FEEDS = new Map(
  `AT austria|BA bosnia-herzegovina|BE belgium|BG bulgaria|CH switzerland|CY cyprus|CZ czechia|DE germany|
DK denmark|EE estonia|ES spain|FI finland|FR france|GB united-kingdom|GR greece|HR croatia|HU hungary|
IE ireland|IL israel|IS iceland|IT italy|LT lithuania|LU luxembourg|LV latvia|MD moldova|ME montenegro|
MK republic-of-north-macedonia|MT malta|NL netherlands|NO norway|PL poland|PT portugal|RO romania|RS serbia|
SE sweden|SI slovenia|SK slovakia|UA ukraine`
    .split("|")
    .map((entry) => {
      const [code = "", feed = ""] = entry.trim().split(" ");
      return [code, feed];
    }),
);

const feedOf = (code: string | undefined) => FEEDS.get(code ?? "");

type Ring = readonly (readonly [latitude: number, longitude: number])[];
type Area = { readonly name: string; readonly rings: readonly Ring[] };
type Warning = Message & { readonly areas: readonly Area[] };

/**
 * Warnings of European services. A feed covers a whole country. In some feeds areas have an outline, in others only a
 * name and a code. If the place cannot be matched with those, the answer says which areas have warnings.
 */
export function createMeteoAlarm(client: Client, base: string): AlertProvider {
  const feeds = client.memory({ source: METEOALARM, ttl: 5 * TTL.alerts, maxStale: 0, parse: readFeed });

  async function alerts(place: Place, signal: AbortSignal): Promise<AlertAnswer> {
    const country = feedOf(place.countryCode) ?? "";
    const { value, fetchedAt } = await feeds.get(endpoint(base, `/api/v1/warnings/feeds-${country}`), signal);
    const valid = newest(value).filter(({ ends }) => ends === undefined || ends > Date.now());
    const sure = valid.filter(({ areas }) => areas.some((area) => isIn(place, area) === true));
    const open = valid.filter((warning) => !sure.includes(warning));
    const elsewhere = open.flatMap(({ areas, event }) =>
      areas.filter((area) => isIn(place, area) === undefined).map(({ name }) => `${name} (${event})`),
    );
    const shown = sure.map(({ areas: _, replaces: __, ...alert }) => alert);
    return { alerts: shown, checkedAt: fetchedAt, elsewhere: [...new Set(elsewhere)] };
  }

  return { source: METEOALARM, covers: ({ countryCode }) => feedOf(countryCode) !== undefined, alerts };
}

/** Undefined if there is no readable outline and the name does not match. */
function isIn({ latitude, longitude, name, regions = [] }: Place, area: Area): boolean | undefined {
  if (area.rings.some((ring) => surrounds(ring, latitude, longitude))) return true;
  if (area.rings.length > 0 && area.rings.every((ring) => ring.length > 2)) return false;
  return [name, ...regions].some((one) => fold(one) === fold(area.name)) ? true : undefined;
}

/** Counts how often a line to the east crosses the outline. */
function surrounds(ring: Ring, latitude: number, longitude: number): boolean {
  let isInside = false;
  for (let at = 0, before = ring.length - 1; at < ring.length; before = at++) {
    const [from = [0, 0], to = [0, 0]] = [ring[before], ring[at]];
    if (from[0] > latitude === to[0] > latitude) continue;
    const crossing = from[1] + ((latitude - from[0]) / (to[0] - from[0])) * (to[1] - from[1]);
    if (longitude < crossing) isInside = !isInside;
  }
  return isInside;
}

function readFeed(json: unknown): Warning[] {
  const feed = fieldsOf(json);
  if (!Array.isArray(feed?.get("warnings"))) throw notAsDocumented(METEOALARM, "no list of warnings");
  return listIn(feed, "warnings").flatMap((warning) => readWarning(fieldsIn(fieldsOf(warning), "alert")));
}

/** What one message warns of (it may be several things), in English where the service says it in English. */
function readWarning(alert: Fields): Warning[] {
  const id = nameIn(alert, "identifier");
  const isReal = textIn(alert, "status") === "Actual" && textIn(alert, "msgType") !== "Cancel";
  const replaces = referencesIn(textIn(alert, "references") ?? "");
  const infos = listIn(alert, "info").flatMap((info) => fieldsOf(info) ?? []);
  // Skipping it would turn "unknown" into "none".
  if (id === undefined || (isReal && infos.length === 0))
    throw notAsDocumented(METEOALARM, "a warning without content");
  const languageOf = (info: Fields | undefined) => textIn(info, "language") ?? "en";
  const language = languageOf(infos.find((one) => /^en\b/i.test(languageOf(one))) ?? infos[0]);
  // A cancellation only says which warning has ended.
  const told: readonly Fields[] = isReal ? infos.filter((one) => languageOf(one) === language) : [new Map()];
  return told.map((info) => {
    const [, color] = /^\s*\d+\s*;\s*(\w+)/.exec(parameter(info, "awareness_level")) ?? [];
    const areas = listIn(info, "area").map((area) => readArea(fieldsOf(area)));
    const somewhere = areas.length > 0 ? areas : [readArea(undefined)];
    return {
      ...factsIn(info),
      id,
      event: nameIn(info, "event") ?? "warning without a name",
      area: areas.map(({ name }) => name).join(", ") || undefined,
      ends: timeIn(info, "expires"),
      sender: nameIn(info, "senderName") ?? METEOALARM,
      // Green means no warning.
      areas: isReal && color !== "green" ? somewhere : [],
      replaces,
    };
  });
}

function parameter(info: Fields, name: string): string {
  const found = listIn(info, "parameter")
    .map(fieldsOf)
    .find((one) => textIn(one, "valueName") === name);
  return textIn(found, "value") ?? "";
}

function readArea(area: Fields | undefined): Area {
  const name = nameIn(area, "areaDesc") ?? "an area without a name";
  const given = area?.get("polygon");
  const polygons = Array.isArray(given) ? given : [given];
  return { name, rings: polygons.flatMap((polygon) => (typeof polygon === "string" ? [readRing(polygon)] : [])) };
}

/** "47.5,19.1 47.6,19.2 …" */
function readRing(polygon: string): Ring {
  return polygon.split(/\s+/).flatMap((pair): Ring => {
    const [latitude = Number.NaN, longitude = Number.NaN] = pair.split(",").map(Number);
    return Number.isFinite(latitude) && Number.isFinite(longitude) ? [[latitude, longitude]] : [];
  });
}
