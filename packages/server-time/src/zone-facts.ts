import { formatOffset } from "./calendar/civil.ts";
import { formatInstant } from "./calendar/instant.ts";
import type { Time } from "./context.ts";
import type { NamedZone } from "./zone/catalog.ts";
import { isDst } from "./zone/dst.ts";
import { nextChange, type OffsetChange, previousChange, segmentAt, segmentsBetween } from "./zone/zone.ts";

const YEAR = 365 * 86_400;

/** The facts in get_timezone and in the zone's resource. @param instant Unix seconds */
export async function zoneFacts(named: NamedZone, instant: number, { zones, places }: Time) {
  const [catalog, { countriesOf }] = await Promise.all([zones(), places()]);
  const { zone } = named;
  const { offset, abbreviation } = segmentAt(zone, instant);
  const change = (found: OffsetChange | undefined) =>
    found ? { at: formatInstant(named, found.at), from: formatOffset(found.from), to: formatOffset(found.to) } : null;
  const year = segmentsBetween(zone, instant, instant + YEAR);
  return {
    timezone: named.name,
    canonical: zone.name,
    utc_offset: formatOffset(offset),
    abbreviation,
    is_dst: isDst(zone, instant),
    observes_dst: year.some(({ start }) => isDst(zone, Math.max(start, instant))),
    previous_change: change(previousChange(zone, instant)),
    next_change: change(nextChange(zone, instant)),
    aliases: [...catalog.aliases(zone.name)],
    countries: countriesOf(named.name).map(({ name }) => name),
    tzdata: catalog.version,
  };
}
