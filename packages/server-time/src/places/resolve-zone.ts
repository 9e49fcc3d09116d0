import { quote, ToolError } from "@org/server-kit";
import { alternatives } from "../text.ts";
import type { NamedZone, ZoneCatalog } from "../zone/catalog.ts";
import type { Places } from "./places.ts";

/** Where zones and places come from; both are loaded on first use. */
export interface Atlas {
  readonly zones: () => Promise<ZoneCatalog>;
  readonly places: () => Promise<Places>;
}

const OFFSET_LIKE = /^(?:utc|gmt|z)?\s*[+\-\u2212]?\d/i;

/**
 * Finds the zone that an argument names. @throws ToolError invalid_input otherwise, with the zones that may be meant
 */
export async function requireZone(atlas: Atlas, text: string): Promise<NamedZone> {
  const found = await findZone(atlas, text);
  if (typeof found !== "string") return found;
  const advice = OFFSET_LIKE.test(text)
    ? "find_timezones lists the zones with an offset."
    : "find_timezones finds zones by city or country.";
  throw new ToolError("invalid_input", `${found} ${advice}`);
}

/**
 * Finds the zone that a command-line option names, where no tools are available. @throws ToolError invalid_input
 * otherwise, with the option and the zones that may be meant
 */
export async function requireOptionZone(atlas: Atlas, option: string, text: string): Promise<NamedZone> {
  const found = await findZone(atlas, text);
  if (typeof found !== "string") return found;
  throw new ToolError("invalid_input", `--${option}: ${found}`);
}

/** The zone, or what is wrong with its name. */
async function findZone({ zones, places }: Atlas, text: string): Promise<NamedZone | string> {
  const catalog = await zones();
  const named = catalog.find(text);
  if (named) return named;
  if (OFFSET_LIKE.test(text)) {
    return `${quote(text)} is an offset, not a time zone. Name a zone ("Asia/Karachi"). A fixed offset is an Etc zone, whose sign is the other way round: Etc/GMT+5 is five hours behind UTC.`;
  }
  const { suggestZones } = await import("./suggest.ts");
  const hints = await suggestZones(text, catalog, await places());
  return `unknown time zone ${quote(text)}.${hints.length > 0 ? ` Did you mean ${alternatives(hints)}?` : ""}`;
}
