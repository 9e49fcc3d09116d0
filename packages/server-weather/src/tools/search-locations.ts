import { defineTool, quote, ToolError } from "@org/server-kit";
import * as z from "zod";
import { fitting } from "../answers/figures.ts";
import { lines, PlaceOutput, placeText, placeValue } from "../answers/place.ts";
import type { Weather } from "../context.ts";
import { countryOf } from "../places/codes.ts";
import { asking } from "../places/find.ts";
import { placeOf } from "../places/geocoding.ts";
import { readLocation } from "../places/location.ts";
import { distinction, ranked, within } from "../places/match.ts";
import { READS_ONLINE } from "./inputs.ts";

const ATTRIBUTION = "Places by Open-Meteo.com and GeoNames (CC BY 4.0)";

const MatchOutput = PlaceOutput.extend({
  ask: z.string().describe("What to pass as location to get this place."),
  population: z.number().optional(),
  kind: z.string(),
});
type Match = z.output<typeof MatchOutput>;

export const searchLocations = defineTool({
  name: "search_locations",
  title: "Search locations",
  description:
    "Returns the places with a name or postcode, most important first, with coordinates, time zone, population and what to " +
    "pass as location. The other tools find places themselves; use this to choose among places of the same name.",
  annotations: READS_ONLINE,
  input: z.strictObject({
    query: z
      .string()
      .min(1)
      .describe("Name in any language, or postcode; a region or country after a comma narrows it (Springfield, IL)."),
    language: z
      .string()
      .min(2)
      .max(5)
      .default("en")
      .describe("Language of the names in the answer, such as de. Default en."),
    country: z.string().min(1).optional().describe("Only in this country: code (US) or name."),
    limit: z.int().min(1).max(50).default(10).describe("Maximum number of places, 1 to 50, default 10."),
  }),
  output: z.object({
    matches: z.array(MatchOutput),
    total: z.int().describe("Number of matches."),
    attribution: z.string(),
  }),
  async run({ query, language, country, limit }, weather: Weather, { signal, maxOutput }) {
    const asked = readLocation(query, "query");
    if ("latitude" in asked)
      throw new ToolError("invalid_input", "query: coordinates need no search. Pass them as location.");
    const code = country === undefined ? undefined : countryOf(country);
    if (country !== undefined && code === undefined) {
      throw new ToolError("invalid_input", `country: ${quote(country)} is not known. Pass a code such as US.`);
    }
    if (!/^[a-z]{2}(-[a-z]{2})?$/i.test(language)) {
      throw new ToolError("invalid_input", `language: ${quote(language)} is not a code such as de. Pass two letters.`);
    }
    const all = await weather.search(asked.name, language.slice(0, 2).toLowerCase(), signal);
    const inCountry = all.filter(({ countryCode }) => code === undefined || countryCode === code);
    const matches = within(ranked(inCountry, asked.name), asked.within);
    if (matches.length === 0) {
      throw new ToolError(
        "not_found",
        `no place matches ${quote(query)}. Check the spelling, leave out region and country, or try its name in the local language.`,
      );
    }
    const rows = matches.slice(0, limit).map((candidate): Match => {
      const place = placeOf(candidate, distinction(candidate, matches));
      const { population } = candidate;
      return {
        ...placeValue(place),
        ask: asking(place),
        ...(population > 0 && { population }),
        kind: kindOf(candidate.featureCode),
      };
    });
    return { matches: fitting(rows, maxOutput, matchText, 400), total: matches.length, attribution: ATTRIBUTION };
  },
  render: ({ matches, total, attribution }) =>
    lines(
      ...matches.map(matchText),
      matches.length < total ? `${matches.length} of ${total} places.` : `${total} in all.`,
      `${attribution}.`,
    ),
});

const matchText = (match: Match): string =>
  `${placeText(match)}, ${match.kind}${match.population === undefined ? "" : `, population ${match.population}`}; pass ${quote(match.ask)}`;

const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^PPLC$/, "capital"],
  [/^PPLA/, "seat of a region"],
  [/^PPL/, "town or village"],
  [/^PCL/, "country"],
  [/^ADM/, "region"],
  [/^ISL/, "island"],
  [/^(MT|PK|HLL|VLC)/, "mountain"],
  [/^(AIRP|AIRF)/, "airport"],
  [/^(LK|RSV)/, "lake"],
];

const kindOf = (code: string): string => KINDS.find(([pattern]) => pattern.test(code))?.[1] ?? "other";
