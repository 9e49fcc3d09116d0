import { defineTool, ToolError } from "@org/server-kit";
import * as z from "zod";
import { fitting, SHARES, type UnitNames, UnitsOutput, unitNames } from "../answers/figures.ts";
import { About, about, ending, lines, placeText, SourceOutput, sourceValue } from "../answers/place.ts";
import { DayOutput, dayRow, dayText } from "../answers/rows.ts";
import type { Weather } from "../context.ts";
import type { Found } from "../places/find.ts";
import { inUnits } from "../units/convert.ts";
import { unitSystem } from "../units/system.ts";
import { READS_ONLINE, unitsInput } from "./inputs.ts";

const MOST = 10;

const PlaceDays = z.object({
  ...About,
  days: z.array(DayOutput),
  source: SourceOutput,
});
type PlaceRow = z.output<typeof PlaceDays>;

export const compareWeather = defineTool({
  name: "compare_weather",
  title: "Compare places",
  description:
    `Returns the daily forecasts of 2 to ${MOST} places side by side, all in the same units. Use it to choose where to go; ` +
    "for one place use get_forecast.",
  annotations: READS_ONLINE,
  input: z.strictObject({
    locations: z
      .array(z.string().min(1))
      .min(2)
      .max(MOST)
      .describe("2 to 10 places, each written like location in the other tools."),
    days: z.int().min(1).max(16).default(3).describe("Days from today at each place, 1 to 16, default 3."),
    units: unitsInput,
  }),
  output: z.object({
    units: UnitsOutput,
    places: z.array(PlaceDays),
    note: z.string().optional(),
    left_out: z
      .array(z.string())
      .optional()
      .describe("Places that did not fit: ask for them separately, or for fewer days."),
    not_found: z.array(z.string()).optional().describe("Locations that were not found, and why."),
  }),
  async run({ locations, days, units }, weather: Weather, { signal, maxOutput }) {
    const missing: string[] = [];
    const looked = await Promise.all(
      locations.map((location) =>
        weather.find(location, signal).catch((error: unknown) => {
          if (!(error instanceof ToolError) || error.code !== "not_found") throw error;
          missing.push(error.message);
        }),
      ),
    );
    const found = looked.filter((one): one is Found => one !== undefined);
    const [first] = found;
    if (!first) throw new ToolError("not_found", missing.join(" "));
    const told = await weather.compare(
      found.map(({ place }) => place),
      signal,
    );
    // The same units for all, so that the figures can be compared.
    const system = unitSystem(first.place, units);
    const names = { ...unitNames(system, ["temperature", "precipitation", "snowfall", "wind"]), ...SHARES };
    const rows = told.map((each, at): PlaceRow => {
      const forecast = inUnits(each, system);
      const { timezone } = forecast.place;
      return {
        ...about(found[at] ?? first, forecast.place),
        days: forecast.daily.dates.slice(0, days).map((_, day) => dayRow(forecast, day)),
        source: sourceValue(forecast.source, timezone),
      };
    });
    const cutTo = (count: number) => {
      const cut = rows.map((row) => ({ ...row, days: row.days.slice(0, count) }));
      return fitting(cut, maxOutput, (row) => rowText(row, names), 700 + JSON.stringify(missing).length);
    };
    // Fewer days for all places are better than all days for a few.
    let count = days;
    while (count > 1 && cutTo(count).length < rows.length) count--;
    const shown = cutTo(count);
    const left = rows.slice(shown.length).map(({ place }) => place.name);
    return {
      units: names,
      places: shown,
      ...(count < days && {
        note: `Only ${count} of ${days} days fit. Ask for fewer places, or get_forecast for one.`,
      }),
      ...(left.length > 0 && { left_out: left }),
      ...(missing.length > 0 && { not_found: missing }),
    };
  },
  render: ({ units, places, note, left_out, not_found = [] }) =>
    lines(
      ...places.map((row) => rowText(row, units)),
      note,
      left_out && `Did not fit: ${left_out.join(", ")}. Ask for fewer days or places.`,
      ...not_found,
    ),
});

const rowText = ({ place, also_named, days, source }: PlaceRow, units: UnitNames): string =>
  lines(placeText(place), ...days.map((day) => `  ${dayText(day, units)}`), ending({ also_named, source }));
