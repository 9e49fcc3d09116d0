import type { Answer, Asked } from "./upstream.ts";

const HOUR = 3_600_000;
const GEO = "application/geo+json";
const HOST = "https://api.weather.gov";

const problem = (status: number, title: string, detail: string): Answer => ({
  status,
  type: "application/problem+json",
  json: {
    correlationId: "3f2c8d1",
    title,
    type: `${HOST}/problems/${title.replaceAll(" ", "")}`,
    status,
    detail,
    instance: `${HOST}/requests/3f2c8d1`,
  },
});

/** The US National Weather Service for two points: New York, and Seattle with its water. */
export function nws({ path, query, headers }: Asked): Answer {
  if (!headers["user-agent"]) return problem(403, "Forbidden", "User-Agent required");
  const point = /^\/points\/(-?[\d.]+),(-?[\d.]+)$/.exec(path);
  if (point) {
    const [lat, lon] = [Number(point[1]), Number(point[2])];
    if (/\.\d{5}/.test(path)) throw new Error("more than four decimals");
    if (lon > -60 || lat < 18 || lat > 72)
      return problem(404, "Invalid Point", `Unable to provide data for requested point ${lat},${lon}`);
    return { type: GEO, headers: { "cache-control": "public, max-age=21600" }, json: pointOf(lat, lon) };
  }
  if (/^\/gridpoints\/\w+\/\d+,\d+\/stations$/.test(path)) return { type: GEO, json: stations() };
  const station = /^\/stations\/(\w+)\/observations\/latest$/.exec(path)?.[1];
  if (station) return observation(station);
  if (path === "/alerts/active") {
    const [key = "", ...more] = [...query.keys()];
    if (more.length > 0 || !/^(point|zone)$/.test(key)) throw new Error("one of point and zone");
    return { type: GEO, headers: { "cache-control": "public, max-age=30" }, json: collection([]) };
  }
  throw new Error("no such path");
}

const zone = (kind: string, id: string) => `${HOST}/zones/${kind}/${id}`;

function pointOf(lat: number, lon: number) {
  const isWest = lon < -100;
  return {
    id: `${HOST}/points/${lat},${lon}`,
    type: "Feature",
    geometry: { type: "Point", coordinates: [lon, lat] },
    properties: {
      "@id": `${HOST}/points/${lat},${lon}`,
      "@type": "wx:Point",
      cwa: isWest ? "SEW" : "OKX",
      gridId: isWest ? "SEW" : "OKX",
      gridX: 33,
      gridY: 35,
      observationStations: `${HOST}/gridpoints/OKX/33,35/stations`,
      forecastZone: zone("forecast", isWest ? "PZZ135" : "NYZ072"),
      county: zone("county", isWest ? "WAC033" : "NYC061"),
      fireWeatherZone: zone("fire", isWest ? "WAZ654" : "NYZ212"),
      timeZone: isWest ? "America/Los_Angeles" : "America/New_York",
    },
  };
}

const stations = () => ({
  type: "FeatureCollection",
  features: ["KNYC", "KLGA", "KJFK", "KEWR"].map((id, at) => ({
    id: `${HOST}/stations/${id}`,
    type: "Feature",
    // Central Park, and each further one a tenth of a degree to the east.
    geometry: { type: "Point", coordinates: [-73.9693 + at / 10, 40.7794] },
    properties: { "@type": "wx:ObservationStation", stationIdentifier: id, name: `Airport of ${id.slice(1)}` },
  })),
});

/** A figure as the service writes it. */
const quantity = (unitCode: string, value: number | null) => ({
  unitCode,
  value,
  qualityControl: value === null ? "Z" : "V",
});

/** A report of a station; tests edit its age and its holes. */
function observation(station: string): Answer {
  return {
    type: GEO,
    json: {
      id: `${HOST}/stations/${station}/observations/now`,
      type: "Feature",
      properties: {
        "@type": "wx:ObservationStation",
        station: `${HOST}/stations/${station}`,
        stationId: station,
        timestamp: new Date(Math.floor(Date.now() / HOUR) * HOUR - HOUR / 3).toISOString().replace(".000Z", "+00:00"),
        textDescription: "Mostly Cloudy",
        temperature: quantity("wmoUnit:degC", 11.1),
        dewpoint: quantity("wmoUnit:degC", 5),
        windDirection: quantity("wmoUnit:degree_(angle)", 250),
        windSpeed: quantity("wmoUnit:km_h-1", 18.36),
        windGust: quantity("wmoUnit:km_h-1", null),
        barometricPressure: quantity("wmoUnit:Pa", 101_520),
        seaLevelPressure: quantity("wmoUnit:Pa", 101_530),
        visibility: quantity("wmoUnit:m", 16_090),
        relativeHumidity: quantity("wmoUnit:percent", 66.2),
        windChill: quantity("wmoUnit:degC", null),
        heatIndex: quantity("wmoUnit:degC", null),
      },
    },
  };
}

export const collection = (features: readonly unknown[]) => ({
  "@context": ["https://geojson.org/geojson-ld/geojson-context.jsonld"],
  type: "FeatureCollection",
  features,
  title: "Current watches, warnings, and advisories",
  updated: new Date().toISOString().replace(/\.\d+Z$/, "+00:00"),
});

/** An alert in the shape of the service; `over` replaces what a test is about. */
export function nwsAlert(id: string, event: string, over: Readonly<Record<string, unknown>> = {}) {
  const at = (hours: number) => new Date(Date.now() + hours * HOUR).toISOString().replace(/\.\d+Z$/, "+00:00");
  return {
    id: `${HOST}/alerts/${id}`,
    type: "Feature",
    geometry: null,
    properties: {
      "@id": `${HOST}/alerts/${id}`,
      "@type": "wx:Alert",
      id,
      areaDesc: "New York (Manhattan)",
      geocode: { SAME: ["036061"], UGC: ["NYZ072"] },
      affectedZones: [zone("forecast", "NYZ072")],
      references: [],
      sent: at(-1),
      effective: at(-1),
      onset: at(2),
      expires: at(6),
      ends: at(30),
      status: "Actual",
      messageType: "Alert",
      category: "Met",
      severity: "Severe",
      certainty: "Likely",
      urgency: "Expected",
      event,
      sender: "w-nws.webmaster@noaa.gov",
      senderName: "NWS New York NY",
      headline: `${event} issued by NWS New York NY`,
      description: "* WHAT...Something is coming.",
      instruction: "Stay inside.",
      response: "Prepare",
      parameters: {},
      ...over,
    },
  };
}
