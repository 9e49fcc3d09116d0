import { defineTool, ToolError } from "@org/server-kit";
import * as z from "zod";
import { amount, FigureOutput, figure, fitting, UnitsOutput } from "../answers/figures.ts";
import { About, about, ending, lines, placeText, SourceOutput, sourceValue } from "../answers/place.ts";
import type { Weather } from "../context.ts";
import { byDay, rowNow } from "../forecast/by-day.ts";
import { spreadOf } from "../forecast/spread.ts";
import type { Table } from "../forecast/table.ts";
import { compass } from "../forecast/words.ts";
import { localTime, weekday } from "../forecast/zone.ts";
import { convert, round, unitsOf } from "../units/convert.ts";
import { type UnitSystem, unitSystem } from "../units/system.ts";
import { locationInput, READS_ONLINE } from "./inputs.ts";

const SeaOutput = z.object({
  wave_height: FigureOutput,
  wave_direction: z.string().describe("Where the waves come from."),
  wave_period: FigureOutput,
  wind_wave_height: FigureOutput,
  swell_height: FigureOutput,
  swell_direction: z.string(),
  swell_period: FigureOutput,
  sea_temperature: FigureOutput,
  current_speed: FigureOutput,
  current_towards: z.string().describe("Where the current flows to."),
});
type Sea = z.output<typeof SeaOutput>;

export const getMarineForecast = defineTool({
  name: "get_marine_forecast",
  title: "Get the marine forecast",
  description:
    "Returns the state of the sea at a place now and over the next days: waves, swell, currents and water temperature. Says " +
    "so if there is no sea. For wind and rain use get_forecast.",
  annotations: READS_ONLINE,
  input: z.strictObject({
    location: locationInput,
    days: z.int().min(1).max(8).default(3).describe("Days from today, 1 to 8, default 3."),
  }),
  output: z.object({
    ...About,
    sea: z.boolean().describe("Whether there is sea here."),
    units: UnitsOutput,
    now: SeaOutput.extend({ time: z.string() }).optional(),
    days: z
      .array(SeaOutput.extend({ date: z.string(), weekday: z.string() }))
      .describe(
        "The day's highest waves, swell and current with their periods and directions, and its mean temperature.",
      ),
    source: SourceOutput.optional(),
    note: z.string().optional(),
  }),
  async run({ location, days }, weather: Weather, { signal, maxOutput }) {
    const found = await weather.find(location, signal);
    const told = await weather.sea(found.place, signal).catch(inland);
    const waves = told?.value.hourly.wave_height?.values ?? [];
    if (!told || waves.every((height) => height === undefined)) {
      const note =
        "There is no sea here, or none that the model covers. Pass a place on the coast, or coordinates at sea.";
      return { ...about(found), sea: false, units: {}, days: [], note };
    }
    const { value, source, ...reply } = told;
    const place = { ...found.place, timezone: value.timezone };
    const system = unitSystem(place);
    const units = unitsFor(value, system);
    const at = rowNow(value);
    const dates = [...byDay(value, "wave_height", days).keys()];
    const rows = dates.map((date) => ({ date, weekday: weekday(date), ...dayAtSea(value, date, days, system) }));
    return {
      ...about(found, place),
      sea: true,
      units,
      ...(at >= 0 && { now: { time: localTime(value.timezone, value.times[at] ?? 0), ...seaAt(value, at, system) } }),
      days: fitting(rows, maxOutput, (row) => seaText(row, units), 2000),
      source: sourceValue({ name: source, ...reply }, value.timezone),
    };
  },
  render: ({ place, also_named, units, now, days, source, note }) =>
    lines(
      `Sea at ${placeText(place)}`,
      now && `Now (${now.time}): ${seaText(now, units)}`,
      ...days.map((day) => `${day.weekday} ${day.date}: ${seaText(day, units)}`),
      note,
      ending({ also_named, source }),
    ),
});

/** The service has no cell of sea near the point. */
function inland(error: unknown): undefined {
  if (error instanceof ToolError && error.code === "not_found") return undefined;
  throw error;
}

/** Heights and temperatures in the units of the place, the rest as the source gives it. */
function unitsFor({ hourly }: Table, system: UnitSystem): Record<string, string> {
  const { height, temperature } = unitsOf(system);
  const [period = "s", current = ""] = [hourly.wave_period?.unit, hourly.ocean_current_velocity?.unit];
  return { height, temperature, period, current };
}

function seaAt({ hourly }: Table, at: number, system: UnitSystem): Sea {
  return seaOf(hourly, system, (name) => hourly[name]?.values[at]);
}

/** A day at sea: directions and periods are those of the highest waves, not means that no wave ever had. */
function dayAtSea(table: Table, date: string, days: number, system: UnitSystem): Sea {
  const values = (name: string) => byDay(table, name, days).get(date) ?? [];
  const spread = (name: string) => spreadOf(values(name));
  const peakOf = (height: string) => values(height).indexOf(spread(height)?.most ?? Number.NaN);
  const at = (name: string, height: string) => values(name)[peakOf(height)];
  const value = (name: string): number | undefined => {
    if (name === "sea_surface_temperature") return spread(name)?.mean;
    if (name.startsWith("ocean_current_d")) return at(name, "ocean_current_velocity");
    if (/^swell.*(direction|period)$/.test(name)) return at(name, "swell_wave_height");
    return /direction|period/.test(name) ? at(name, "wave_height") : spread(name)?.most;
  };
  return seaOf(table.hourly, system, value);
}

function seaOf(hourly: Table["hourly"], system: UnitSystem, value: (name: string) => number | undefined): Sea {
  const { height, temperature } = unitsOf(system);
  const as = (name: string, unit: string) => {
    const converted = convert(value(name), hourly[name]?.unit ?? "", unit);
    return figure(converted === undefined ? undefined : round(converted, 1));
  };
  const plain = (name: string) => as(name, hourly[name]?.unit ?? "");
  return {
    wave_height: as("wave_height", height),
    wave_direction: compass(value("wave_direction")),
    wave_period: plain("wave_period"),
    wind_wave_height: as("wind_wave_height", height),
    swell_height: as("swell_wave_height", height),
    swell_direction: compass(value("swell_wave_direction")),
    swell_period: plain("swell_wave_period"),
    sea_temperature: as("sea_surface_temperature", temperature),
    current_speed: plain("ocean_current_velocity"),
    current_towards: compass(value("ocean_current_direction")),
  };
}

function seaText(sea: Sea, units: Readonly<Record<string, string>>): string {
  const { height = "", temperature = "", period = "", current = "" } = units;
  const parts = [
    `waves ${amount(sea.wave_height, height)} from ${sea.wave_direction} every ${amount(sea.wave_period, period)}`,
    `wind waves ${amount(sea.wind_wave_height, height)}`,
    `swell ${amount(sea.swell_height, height)} from ${sea.swell_direction} every ${amount(sea.swell_period, period)}`,
    `water ${amount(sea.sea_temperature, temperature)}`,
    `current ${amount(sea.current_speed, current)} towards ${sea.current_towards}`,
  ];
  return parts.join(", ");
}
