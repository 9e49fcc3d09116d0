import { defineTool, quote, READ_ONLY, ToolError } from "@org/server-kit";
import * as z from "zod";
import { formatOffset } from "../calendar/civil.ts";
import type { Time } from "../context.ts";
import { alternatives } from "../text.ts";
import { offsetAt } from "../zone/zone.ts";
import { now } from "./moment.ts";

const MOST_MATCHES = 50;
const LONGEST_QUERY = 100;

export const findTimezones = defineTool({
  name: "find_timezones",
  title: "Find time zones",
  description:
    "Returns time zones by city, state, country, name of a time or UTC offset, best first; an abbreviation that means several " +
    "times (IST, CST) gives them all. Use get_timezone for one zone's rules.",
  annotations: READ_ONLY,
  input: z.strictObject({
    query: z
      .string()
      .describe(
        "City (São Paulo), state (Texas), country (India, IN), time (Pacific Time, IST), offset now (+05:30, UTC-3) or part of a zone name.",
      ),
  }),
  output: z.object({
    matches: z
      .array(
        z.object({
          timezone: z.string().describe("IANA name."),
          utc_offset: z.string().describe("Offset from UTC now."),
          country: z.string().nullable().describe("Country of the place in English; null for none or a disputed one."),
          why: z.string().describe("What of the zone matches."),
        }),
      )
      .describe("Best first, at most 50."),
    total: z.int().describe("How many zones match."),
  }),
  async run({ query }, context: Time) {
    if (query.trim() === "") {
      throw new ToolError("invalid_input", "query is empty. Give a city, a country, an abbreviation or an offset.");
    }
    if (query.length > LONGEST_QUERY) {
      throw new ToolError(
        "invalid_input",
        `query has ${query.length} characters; at most ${LONGEST_QUERY} make sense.`,
      );
    }
    const [catalog, places, { searchZones }] = await Promise.all([
      context.zones(),
      context.places(),
      import("../places/search.ts"),
    ]);
    const instant = now();
    const found = searchZones(query, instant, catalog, places);
    if (found.length === 0) {
      const { suggestZones } = await import("../places/suggest.ts");
      const hints = suggestZones(query, catalog, places);
      const hint =
        hints.length > 0 ? `Nearest: ${alternatives(hints)}.` : "Try the nearest large city, or the country.";
      throw new ToolError("not_found", `no time zone matches ${quote(query)}. ${hint}`);
    }
    const matches = found.slice(0, MOST_MATCHES).flatMap(({ zone, country, why }) => {
      const named = catalog.find(zone);
      return named ? [{ timezone: zone, utc_offset: formatOffset(offsetAt(named.zone, instant)), country, why }] : [];
    });
    return { matches, total: found.length };
  },
  render: ({ matches, total }) => {
    const lines = matches.map(({ timezone, utc_offset, country, why }) =>
      [timezone, `UTC${utc_offset}`, country ?? "no country", why].join(", "),
    );
    return [`${total} found${total > matches.length ? `, the first ${matches.length}` : ""}`, ...lines].join("\n");
  },
});
