import { defineTool } from "@org/server-kit";
import * as z from "zod";
import { amount, FigureOutput, figureAt, SHARES, UnitsOutput, unitNames } from "../answers/figures.ts";
import { About, about, ending, lines, placeText, SourceOutput, sourceValue } from "../answers/place.ts";
import { DayOutput, dayRow, dayText } from "../answers/rows.ts";
import type { Weather } from "../context.ts";
import type { Forecast, Hourly, HourlyName, Place, Series } from "../forecast/types.ts";
import { ageWords, compass, NOT_AVAILABLE, weatherWords } from "../forecast/words.ts";
import { dateAt, localTime } from "../forecast/zone.ts";
import type { Observation } from "../providers/nws/observation.ts";
import { convert, hoursInUnits, inUnits, round, unitsOf } from "../units/convert.ts";
import { type UnitSystem, unitSystem } from "../units/system.ts";
import { isOutage } from "../upstream/failure.ts";
import { locationInput, READS_ONLINE, unitsInput } from "./inputs.ts";

const QUANTITIES = ["temperature", "precipitation", "snowfall", "wind", "pressure", "visibility"] as const;
const HOUR = 3_600_000;

const Output = z.object({
  ...About,
  units: UnitsOutput,
  time: z.string().describe("The time of the measurement, or of the model's value."),
  age: z.string(),
  by: z.string().describe("The station that measured it and how far away it is, or the model that computed it."),
  weather: z.string(),
  temperature: FigureOutput,
  feels_like: FigureOutput,
  dew_point: FigureOutput,
  humidity: FigureOutput.describe("Percent."),
  precipitation: FigureOutput.describe("Recent; the period depends on the source."),
  precipitation_probability: FigureOutput.describe("Percent, this hour."),
  wind_speed: FigureOutput,
  wind_gusts: FigureOutput,
  wind_direction: z.string(),
  cloud_cover: FigureOutput.describe("Percent."),
  pressure: FigureOutput.describe("At sea level."),
  visibility: FigureOutput,
  uv_index: FigureOutput,
  from_model: z.array(z.string()).optional().describe("Figures from the model, since the station lacks them."),
  today: DayOutput.optional(),
  source: SourceOutput.optional(),
  notes: z.array(z.string()).optional(),
});

export const getWeather = defineTool({
  name: "get_weather",
  title: "Get the weather now",
  description:
    "Returns the current weather at a place, and today's high, low, sun and moon. In the United States it is measured by the " +
    "nearest station, elsewhere computed by a model; the answer says which, and how old it is. For the days ahead use get_forecast.",
  annotations: READS_ONLINE,
  input: z.strictObject({ location: locationInput, units: unitsInput }),
  output: Output,
  async run({ location, units }, weather: Weather, { signal }) {
    const found = await weather.find(location, signal);
    const [told, looked] = await Promise.all([
      // A station's report alone is enough for an answer.
      weather.now(found.place, signal).catch((error: unknown) => (isOutage(error) ? error : Promise.reject(error))),
      weather.observe(found.place, signal),
    ]);
    const observation = looked?.observation;
    if (told instanceof Error && !observation) throw told;
    const forecast = told instanceof Error ? undefined : told;
    const place: Place = forecast?.place ?? found.place;
    const system = unitSystem(place, units);
    const model = forecast && modelNow(inUnits(forecast, system));
    const measured = observation && hoursInUnits(observation.measured, system);
    const now = measured ?? model;
    const time = now?.times[0] ?? Date.now();
    const lacking = FIGURES.filter((name) => measured && !measured.series[name] && model?.series[name]);
    const series: Hourly["series"] = { ...model?.series, ...measured?.series };
    const notes = [
      ...(looked?.passed ?? []).map((why) => `Not used: ${why}.`),
      ...(told instanceof Error ? [`The forecast is missing: ${told.message}`] : []),
    ];
    const today = forecast?.daily.dates.indexOf(dateAt(place.timezone, Date.now())) ?? -1;
    return {
      ...about(found, place),
      units: { ...unitNames(system, QUANTITIES), ...SHARES },
      time: localTime(place.timezone, time),
      age: ageWords(Date.now() - time),
      by: observation ? stationWords(observation, system) : `model, ${forecast?.source.name ?? ""}`,
      weather: wordsOf(observation, series.weather_code),
      ...figures(series),
      ...(lacking.length > 0 && { from_model: lacking }),
      ...(forecast && today >= 0 && { today: dayRow(inUnits(forecast, system), today) }),
      ...(forecast && { source: sourceValue(forecast.source, place.timezone) }),
      ...(notes.length > 0 && { notes }),
    };
  },
  render(value) {
    const { units, today, from_model: modelled = [], notes = [] } = value;
    const { temperature = "", precipitation = "", wind = "", pressure = "", visibility = "" } = units;
    return lines(
      `${placeText(value.place)}, ${value.time} (${value.age} old), by ${value.by}: ${value.weather}`,
      `Temperature ${amount(value.temperature, temperature)}, feels like ${amount(value.feels_like, temperature)}, ` +
        `dew point ${amount(value.dew_point, temperature)}, humidity ${amount(value.humidity, "%")}`,
      `Wind ${amount(value.wind_speed, wind)} from ${value.wind_direction}, gusts ${amount(value.wind_gusts, wind)}`,
      `Precipitation ${amount(value.precipitation, precipitation)}, probability this hour ${amount(value.precipitation_probability, "%")}, ` +
        `cloud ${amount(value.cloud_cover, "%")}, visibility ${amount(value.visibility, visibility)}, ` +
        `pressure ${amount(value.pressure, pressure)}, UV index ${amount(value.uv_index)}`,
      modelled.length > 0 ? `From the model and not measured: ${modelled.join(", ")}.` : undefined,
      today && `Today: ${dayText(today, units)}`,
      ...notes,
      ending(value),
    );
  },
});

const FIGURES = [
  "temperature",
  "feels_like",
  "dew_point",
  "humidity",
  "precipitation",
  "precipitation_probability",
  "wind_speed",
  "wind_gusts",
  "cloud_cover",
  "pressure",
  "visibility",
  "uv_index",
] as const satisfies readonly HourlyName[];

function figures(series: Hourly["series"]) {
  const at = (name: HourlyName) => figureAt(series[name], 0);
  return {
    temperature: at("temperature"),
    feels_like: at("feels_like"),
    dew_point: at("dew_point"),
    humidity: at("humidity"),
    precipitation: at("precipitation"),
    precipitation_probability: at("precipitation_probability"),
    wind_speed: at("wind_speed"),
    wind_gusts: at("wind_gusts"),
    wind_direction: compass(series.wind_direction?.values[0]),
    cloud_cover: at("cloud_cover"),
    pressure: at("pressure"),
    visibility: at("visibility"),
    uv_index: at("uv_index"),
  };
}

function stationWords({ station, distance }: Observation, system: UnitSystem): string {
  const unit = unitsOf(system).visibility;
  const away = distance === undefined ? undefined : convert(round(distance, 1), "km", unit);
  return away === undefined ? `station ${station}` : `station ${station}, ${away} ${unit} away`;
}

/** The model's current weather, with figures from this hour where it has only hourly ones. */
function modelNow({ current, hourly }: Forecast): Hourly {
  const at = hourly.times.findLastIndex((time) => time <= Date.now());
  const series: Partial<Record<HourlyName, Series>> = {};
  let name: HourlyName;
  for (name in hourly.series) {
    const column = hourly.series[name];
    const value = column?.values[at];
    if (column && value !== undefined) series[name] = { unit: column.unit, values: [value] };
  }
  const now = current?.times[0];
  const isNow = now !== undefined && Math.abs(Date.now() - now) < 2 * HOUR;
  return isNow
    ? { times: current?.times ?? [], series: { ...series, ...current?.series } }
    : { times: [hourly.times[at] ?? Date.now()], series };
}

const wordsOf = (observation: Observation | undefined, code: Series | undefined): string =>
  observation?.words?.toLowerCase() ?? (code ? weatherWords(code.values[0]) : NOT_AVAILABLE);
