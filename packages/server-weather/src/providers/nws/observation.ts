import { ToolError } from "@org/server-kit";
import type { Hourly, HourlyName, Place, Series } from "../../forecast/types.ts";
import { roundIn, uniformUnit } from "../../units/convert.ts";
import { isOutage } from "../../upstream/failure.ts";
import { distance } from "../asked-point.ts";
import { createStations, isCovered, type Nws, type Report } from "./points.ts";

/** A report older than this is not "now", nor is one further in the future than clocks may differ. */
const MOST_AGE = 90 * 60_000;
const MOST_AHEAD = 15 * 60_000;
const MOST_STATIONS = 3;

/** What a station measured. */
export interface Observation {
  readonly station: string;
  /** Kilometres from the place to the station; undefined if the service does not say. */
  readonly distance: number | undefined;
  readonly words: string | undefined;
  readonly measured: Hourly;
}

export interface ObservationResult {
  readonly observation?: Observation;
  /** Why nearer stations, or all of them, were not used. */
  readonly passed: readonly string[];
}

const QUANTITIES: readonly (readonly [HourlyName, readonly string[]])[] = [
  ["temperature", ["temperature"]],
  ["feels_like", ["heatIndex", "windChill"]],
  ["dew_point", ["dewpoint"]],
  ["humidity", ["relativeHumidity"]],
  ["pressure", ["seaLevelPressure", "barometricPressure"]],
  ["visibility", ["visibility"]],
  ["wind_speed", ["windSpeed"]],
  ["wind_gusts", ["windGust"]],
  ["wind_direction", ["windDirection"]],
  ["precipitation", ["precipitationLastHour"]],
];

/** The newest useful report of a station near a place; undefined outside the United States. Having none is not a failure. */
export function createObservations(nws: Nws) {
  const stations = createStations(nws);

  return async function observe(place: Place, signal: AbortSignal): Promise<ObservationResult | undefined> {
    if (!isCovered(place)) return undefined;
    const passed: string[] = [];
    try {
      const point = await nws.point(place, signal);
      const near = point.stations === undefined ? [] : await stations.near(point.stations, signal);
      for (const { id, name, point: at } of near.slice(0, MOST_STATIONS)) {
        const report = await stations.report(id, signal).catch(outageAsNothing);
        const why = objection(report);
        const station = name === id ? id : `${name} (${id})`;
        if (report && why === undefined) {
          const away = at && distance(place, at);
          return { observation: { station, distance: away, ...measuredBy(report) }, passed };
        }
        passed.push(`${station}: ${why}`);
      }
      if (near.length === 0) passed.push("there is no station near it");
    } catch (error) {
      if (!isMissing(error)) throw error;
      passed.push("the National Weather Service did not answer");
    }
    return { passed };
  };
}

const isMissing = (error: unknown) => isOutage(error) || (error instanceof ToolError && error.code === "not_found");

function outageAsNothing(error: unknown): undefined {
  if (!isMissing(error)) throw error;
}

function objection(report: Report | undefined): string | undefined {
  if (!report) return "no report";
  const age = Date.now() - report.time;
  if (age > MOST_AGE) return `the last report is ${Math.round(age / 60_000)} min old`;
  if (age < -MOST_AHEAD) return "the last report is dated in the future";
  return report.figure("temperature") ? undefined : "the report has no temperature";
}

function measuredBy(report: Report): Pick<Observation, "words" | "measured"> {
  const series: Partial<Record<HourlyName, Series>> = {};
  for (const [name, quantities] of QUANTITIES) {
    const figure = quantities.map(report.figure).find((found) => found !== undefined);
    if (!figure) continue;
    const unit = uniformUnit(figure.unit);
    series[name] = { unit, values: [roundIn(figure.value, unit)] };
  }
  // Neither index applies at mild temperatures: then it feels like the temperature itself.
  if (!series.feels_like && series.temperature) series.feels_like = series.temperature;
  return { words: report.words, measured: { times: [report.time], series } };
}
