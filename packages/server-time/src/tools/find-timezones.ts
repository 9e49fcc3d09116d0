import { defineTool, quote, READ_ONLY, ToolError } from "@org/server-kit";
import * as z from "zod";
import { formatOffset } from "../calendar/civil.ts";
import type { Time } from "../context.ts";
import type { Match } from "../places/search.ts";
import { alternatives } from "../text.ts";
import { offsetAt } from "../zone/zone.ts";
import { now } from "./moment.ts";

const MOST_MATCHES = 50;
const LONGEST_QUERY = 100;

const Meaning = z.object({
  meaning: z.string().describe("CST: China Standard Time (UTC+08:00)."),
  timezone: z.string().describe("A zone that keeps it."),
  zones: z.int().describe("How many of the zones found keep it."),
});

const Found = z.object({
  timezone: z.string().describe("IANA name."),
  utc_offset: z.string().describe("Offset from UTC now."),
  country: z.string().nullable().describe("Country of the place in English; null for none, or where that is disputed."),
  why: z.string().describe("What matched."),
});

export const findTimezones = defineTool({
  name: "find_timezones",
  title: "Find time zones",
  description:
    "Returns time zones by city (in any script), state, country, common name or UTC offset, best first; an abbreviation " +
    "with several meanings (IST, CST) gives them all. Use get_timezone for one zone's rules.",
  annotations: READ_ONLY,
  input: z.strictObject({
    query: z
      .string()
      .describe(
        "City (São Paulo, 東京; Portland, Oregon), state (Texas), country (India, IN), common name (Pacific Time, IST), current offset " +
          `(+05:30, UTC-3) or part of a zone name; at most ${LONGEST_QUERY} characters.`,
      ),
  }),
  output: z.object({
    meanings: z.array(Meaning).optional().describe("What an abbreviation can mean, if that is more than one time."),
    matches: z
      .array(Found)
      .describe("Best first, at most 50; of several meanings one zone each, then the rest by meaning."),
    total: z.int().describe("How many zones match."),
  }),
  async run({ query }, context: Time, { maxOutput }) {
    if (query.trim() === "") {
      throw new ToolError("invalid_input", "query is empty. Give a city, a country, an abbreviation or an offset.");
    }
    if (query.length > LONGEST_QUERY) {
      throw new ToolError("invalid_input", `query has ${query.length} characters; pass at most ${LONGEST_QUERY}.`);
    }
    const [catalog, places, { searchZones }] = await Promise.all([
      context.zones(),
      context.places(),
      import("../places/search.ts"),
    ]);
    const instant = now();
    const found = await searchZones(query, instant, catalog, places);
    if (found.length === 0) {
      const { suggestZones } = await import("../places/suggest.ts");
      const hints = await suggestZones(query, catalog, places);
      const hint =
        hints.length > 0 ? `Nearest: ${alternatives(hints)}.` : "Try the nearest large city, or the country.";
      throw new ToolError("not_found", `no time zone matches ${quote(query)}. ${hint}`);
    }
    const matches = found.slice(0, MOST_MATCHES).flatMap(({ zone, country, why }) => {
      const named = catalog.find(zone);
      return named ? [{ timezone: zone, utc_offset: formatOffset(offsetAt(named.zone, instant)), country, why }] : [];
    });
    const meanings = meaningsOf(found);
    const result = { ...(meanings.length > 1 && { meanings }), matches, total: found.length };
    // The text is shorter than the value.
    while (matches.length > 1 && JSON.stringify(result).length > maxOutput) matches.pop();
    return result;
  },
  render: ({ meanings, matches, total }) => {
    const lines = matches.map(({ timezone, utc_offset, country, why }) =>
      [timezone, `UTC${utc_offset}`, country ?? "no country", why].join(", "),
    );
    const head = `${total} found${total > matches.length ? `, the first ${matches.length}` : ""}`;
    if (!meanings) return [head, ...lines].join("\n");
    const groups = meanings.map(({ meaning }) => {
      const zones = matches.filter(({ why }) => why === meaning).map(({ timezone }) => timezone);
      return `${meaning}: ${zones.join(", ")}`;
    });
    const others = lines.filter((_, index) => !meanings.some(({ meaning }) => meaning === matches[index]?.why));
    return [`${head}, of ${meanings.length} meanings`, ...groups, ...others].join("\n");
  },
});

function meaningsOf(found: readonly Match[]): z.output<typeof Meaning>[] {
  const all = new Map<string, { meaning: string; timezone: string; zones: number }>();
  for (const { meaning, zone } of found) {
    if (meaning === undefined) continue;
    const known = all.get(meaning);
    if (known) known.zones += 1;
    else all.set(meaning, { meaning, timezone: zone, zones: 1 });
  }
  return [...all.values()];
}
