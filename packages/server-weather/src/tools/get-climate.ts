import { defineTool } from "@org/server-kit";
import * as z from "zod";
import { amount, FigureOutput, figure, span, type UnitNames, UnitsOutput, unitNames } from "../answers/figures.ts";
import { About, about, ending, lines, placeText, SourceOutput, sourceValue } from "../answers/place.ts";
import type { Weather } from "../context.ts";
import type { Spread } from "../forecast/spread.ts";
import { FIRST_YEAR, LAST_YEAR, type MonthOfClimate } from "../providers/open-meteo/climate.ts";
import { ATTRIBUTION, OPEN_METEO } from "../providers/open-meteo/sections.ts";
import { convert, round, unitsOf } from "../units/convert.ts";
import { unitSystem } from "../units/system.ts";
import { locationInput, READS_ONLINE, unitsInput } from "./inputs.ts";

const MONTHS = "January February March April May June July August September October November December".split(" ");

const MonthOutput = z.object({
  month: z.string(),
  high: FigureOutput.describe("Mean of the daily highs."),
  high_p10: FigureOutput.describe("One day in ten is cooler than this,"),
  high_p90: FigureOutput.describe("and one in ten warmer than this."),
  low: FigureOutput,
  low_p10: FigureOutput,
  low_p90: FigureOutput,
  highest: FigureOutput.describe("Record in the thirty years."),
  lowest: FigureOutput,
  precipitation: FigureOutput.describe("Mean monthly total."),
  precipitation_driest: FigureOutput,
  precipitation_wettest: FigureOutput,
  wet_days: FigureOutput.describe("Days with 1 mm or more."),
});
type Month = z.output<typeof MonthOutput>;

export const getClimate = defineTool({
  name: "get_climate",
  title: "Get the climate",
  description:
    `Returns what is normal at a place in each month, over the ${LAST_YEAR - FIRST_YEAR + 1} years from ${FIRST_YEAR} to ${LAST_YEAR}: ` +
    "highs and lows, the range of eight days in ten, extremes, precipitation. Use it to judge whether weather is unusual; get_historical_weather has past days.",
  annotations: READS_ONLINE,
  input: z.strictObject({
    location: locationInput,
    month: z.int().min(1).max(12).optional().describe("1 (January) to 12. Default: all."),
    units: unitsInput,
  }),
  output: z.object({
    ...About,
    units: UnitsOutput,
    years: z.string(),
    months: z.array(MonthOutput),
    source: SourceOutput,
  }),
  async run({ location, month, units }, weather: Weather, { signal }) {
    const found = await weather.find(location, signal);
    const { place } = found;
    const { value, fetchedAt, isStale } = await weather.climate(place, signal);
    const system = unitSystem(place, units);
    const wanted = unitsOf(system);
    const degrees = (degree: number | undefined) =>
      figure(convert(rounded(degree), value.temperature, wanted.temperature));
    const fall = (amount: number | undefined) =>
      figure(convert(rounded(amount), value.precipitation, wanted.precipitation));
    const chosen = value.months.filter((one) => month === undefined || one.month === month);
    const source = { name: OPEN_METEO, attribution: `${ATTRIBUTION}; reanalysis ERA5, Copernicus`, fetchedAt, isStale };
    return {
      ...about(found, place),
      units: unitNames(system, ["temperature", "precipitation"]),
      years: `${FIRST_YEAR} to ${LAST_YEAR}`,
      months: chosen.map((one) => monthRow(one, degrees, fall)),
      source: sourceValue(source, place.timezone),
    };
  },
  render: ({ place, also_named, units, years, months, source }) =>
    lines(
      `Climate of ${placeText(place)}, ${years}`,
      ...months.map((month) => monthText(month, units)),
      ending({ also_named, source }),
    ),
});

const rounded = (value: number | undefined) => (value === undefined ? undefined : round(value, 1));
type ToFigure = (value: number | undefined) => z.output<typeof FigureOutput>;

function monthRow({ month, high, low, fall, wetDays }: MonthOfClimate, degrees: ToFigure, amountOf: ToFigure): Month {
  const at = (spread: Spread | undefined, key: keyof Spread) => degrees(spread?.[key]);
  return {
    month: MONTHS[month - 1] ?? "",
    high: at(high, "mean"),
    high_p10: at(high, "p10"),
    high_p90: at(high, "p90"),
    low: at(low, "mean"),
    low_p10: at(low, "p10"),
    low_p90: at(low, "p90"),
    highest: at(high, "most"),
    lowest: at(low, "least"),
    precipitation: amountOf(fall?.mean),
    precipitation_driest: amountOf(fall?.least),
    precipitation_wettest: amountOf(fall?.most),
    wet_days: figure(rounded(wetDays)),
  };
}

function monthText(month: Month, { temperature = "", precipitation = "" }: UnitNames): string {
  const parts = [
    `${month.month}: high ${amount(month.high, temperature)} (eight days in ten ${span(month.high_p10, month.high_p90, temperature)})`,
    `low ${amount(month.low, temperature)} (${span(month.low_p10, month.low_p90, temperature)})`,
    `extremes ${span(month.lowest, month.highest, temperature)}`,
    `precipitation ${amount(month.precipitation, precipitation)} (${span(month.precipitation_driest, month.precipitation_wettest, precipitation)})`,
    `${month.wet_days} wet days`,
  ];
  return parts.join(", ");
}
