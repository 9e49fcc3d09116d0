import { defineTool } from "@org/server-kit";
import * as z from "zod";
import { amount, type Figure, FigureOutput, figure, fitting } from "../answers/figures.ts";
import { About, about, ending, lines, placeText, SourceOutput, sourceValue } from "../answers/place.ts";
import type { Weather } from "../context.ts";
import { byDay, rowNow } from "../forecast/by-day.ts";
import { spreadOf } from "../forecast/spread.ts";
import type { Table } from "../forecast/table.ts";
import { NOT_AVAILABLE } from "../forecast/words.ts";
import { localTime, weekday } from "../forecast/zone.ts";
import { INDICES, POLLEN, POLLUTANTS } from "../providers/open-meteo/services.ts";
import { round } from "../units/convert.ts";
import { locationInput, READS_ONLINE } from "./inputs.ts";

const FiguresOutput = z.object({
  european_aqi: FigureOutput,
  european_words: z.string(),
  us_aqi: FigureOutput,
  us_words: z.string(),
  pollutants: z.record(z.string(), FigureOutput),
  pollen: z.record(z.string(), FigureOutput).optional(),
});
type Figures = z.output<typeof FiguresOutput>;

export const getAirQuality = defineTool({
  name: "get_air_quality",
  title: "Get the air quality",
  description:
    "Returns the air quality at a place now and over the next days: European and US index with their meaning, fine particles, " +
    "ozone and other pollutants, and pollen where it is known (Europe).",
  annotations: READS_ONLINE,
  input: z.strictObject({
    location: locationInput,
    days: z.int().min(1).max(7).default(3).describe("Days from today, 1 to 7, default 3."),
  }),
  output: z.object({
    ...About,
    units: z.record(z.string(), z.string()).describe("The unit of each pollutant, and of each plant's pollen."),
    now: FiguresOutput.extend({ time: z.string() }).optional(),
    days: z
      .array(FiguresOutput.extend({ date: z.string(), weekday: z.string() }))
      .describe("Indices and pollen: the day's highest; pollutants: the day's mean."),
    pollen_note: z.string().optional(),
    days_left_out: z.number().optional().describe("Days that did not fit."),
    source: SourceOutput,
  }),
  async run({ location, days }, weather: Weather, { signal, maxOutput }) {
    const found = await weather.find(location, signal);
    const { value, source, ...reply } = await weather.air(found.place, signal);
    const place = { ...found.place, timezone: value.timezone };
    const at = rowNow(value);
    const now = at < 0 ? undefined : figuresOf((name) => value.hourly[name]?.values[at]);
    const columns = new Map(Object.keys(value.hourly).map((name) => [name, byDay(value, name, days)]));
    const dates = [...(columns.values().next().value?.keys() ?? [])];
    const rows = dates.map((date) => ({
      date,
      weekday: weekday(date),
      ...figuresOf((name) => {
        const spread = spreadOf(columns.get(name)?.get(date) ?? []);
        return isPollutant(name) ? spread?.mean : spread?.most;
      }),
    }));
    const units = unitsOfTable(value);
    const shown = fitting(rows, maxOutput, (row) => figuresText(row, units), 2300);
    const hasPollen = rows.some(({ pollen }) => pollen !== undefined);
    return {
      ...about(found, place),
      units,
      ...(now && { now: { time: localTime(value.timezone, value.times[at] ?? 0), ...now } }),
      days: shown,
      ...(!hasPollen && {
        pollen_note: "Pollen is not available for this place: the source covers Europe, in season.",
      }),
      ...(shown.length < rows.length && { days_left_out: rows.length - shown.length }),
      source: sourceValue({ name: source, ...reply }, value.timezone),
    };
  },
  render: ({ place, also_named, units, now, days, pollen_note, days_left_out: left, source }) =>
    lines(
      `Air quality for ${placeText(place)}`,
      now && `Now (${now.time}): ${figuresText(now, units)}`,
      ...days.map((day) => `${day.weekday} ${day.date}: ${figuresText(day, units)}`),
      left === undefined ? undefined : `${left} more days did not fit.`,
      pollen_note,
      ending({ also_named, source }),
    ),
});

const isPollutant = (name: string) => POLLUTANTS.some((pollutant) => pollutant === name);

/** The units of pollutants and pollen, as the source gives them. */
function unitsOfTable({ hourly }: Table): Record<string, string> {
  const names = [
    ...POLLUTANTS.map((name) => [name, name] as const),
    ...POLLEN.map((plant) => [plant, `${plant}_pollen`] as const),
  ];
  return Object.fromEntries(names.map(([name, column]) => [name, hourly[column]?.unit ?? NOT_AVAILABLE]));
}

function figuresOf(value: (name: string) => number | undefined): Figures {
  const at = (name: string): Figure => {
    const known = value(name);
    return figure(known === undefined ? undefined : round(known, 1));
  };
  const [european, us] = INDICES.map(at);
  const pollen = POLLEN.map((plant) => [plant, at(`${plant}_pollen`)] as const);
  return {
    european_aqi: european ?? NOT_AVAILABLE,
    european_words: band(european, EUROPEAN),
    us_aqi: us ?? NOT_AVAILABLE,
    us_words: band(us, US),
    pollutants: Object.fromEntries(POLLUTANTS.map((name) => [name, at(name)])),
    ...(pollen.some(([, known]) => known !== NOT_AVAILABLE) && { pollen: Object.fromEntries(pollen) }),
  };
}

type Bands = readonly (readonly [upTo: number, words: string])[];
/** The index of the European Environment Agency. */
const EUROPEAN: Bands = [
  [20, "good"],
  [40, "fair"],
  [60, "moderate"],
  [80, "poor"],
  [100, "very poor"],
  [Number.POSITIVE_INFINITY, "extremely poor"],
];
/** The index of the US Environmental Protection Agency. */
const US: Bands = [
  [50, "good"],
  [100, "moderate"],
  [150, "unhealthy for sensitive groups"],
  [200, "unhealthy"],
  [300, "very unhealthy"],
  [Number.POSITIVE_INFINITY, "hazardous"],
];

const band = (value: Figure | undefined, bands: Bands): string =>
  typeof value === "number" ? (bands.find(([upTo]) => value <= upTo)?.[1] ?? NOT_AVAILABLE) : NOT_AVAILABLE;

function figuresText(figures: Figures, units: Readonly<Record<string, string>>): string {
  const list = (values: Readonly<Record<string, Figure>>, kind = "") =>
    Object.entries(values).map(
      ([name, value]) =>
        `${name.replace(/^pm/, "PM").replace("2_5", "2.5").replaceAll("_", " ")}${kind} ${amount(value, units[name])}`,
    );
  const parts = [
    `European index ${figures.european_aqi} (${figures.european_words})`,
    `US index ${figures.us_aqi} (${figures.us_words})`,
    ...list(figures.pollutants),
    ...list(figures.pollen ?? {}, " pollen"),
  ];
  return parts.join(", ");
}
