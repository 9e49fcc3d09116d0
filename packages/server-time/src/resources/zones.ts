import { defineResource } from "@org/server-kit";
import { formatOffset } from "../calendar/civil.ts";
import type { Time } from "../context.ts";
import { now } from "../tools/moment.ts";
import { segmentAt } from "../zone/zone.ts";
import { zoneFacts } from "../zone-facts.ts";

const LONGEST_PREFIX = 64;

export const zonesResource = defineResource({
  name: "zones",
  uri: "time://zones",
  title: "All time zones",
  description: "Every canonical IANA zone, one per line, with its current offset and abbreviation.",
  mimeType: "text/plain",
  async read(_, { zones }: Time) {
    const catalog = await zones();
    const instant = now();
    const lines = catalog.canonicalNames.flatMap((name) => {
      const named = catalog.find(name);
      if (!named) return [];
      const { offset, abbreviation } = segmentAt(named.zone, instant);
      return [`${name} ${formatOffset(offset)} ${abbreviation}`];
    });
    return { text: [`# tzdata ${catalog.version}`, ...lines, ""].join("\n") };
  },
});

export const zoneResource = defineResource({
  name: "zone",
  uri: "time://zones/{+zone}",
  title: "One time zone",
  description: "A zone's offset, clock changes, aliases and countries, as get_timezone returns them.",
  mimeType: "application/json",
  complete: { zone: (prefix, time: Time) => zoneNames(prefix, time) },
  async read({ zone }, time: Time) {
    const named = (await time.zones()).find(zone);
    return named && { text: JSON.stringify(await zoneFacts(named, now(), time)) };
  },
});

/** At most 100 names that begin with `prefix`, in any case. */
export async function zoneNames(prefix: string, { zones }: Time): Promise<readonly string[]> {
  if (prefix.length > LONGEST_PREFIX) return [];
  const wanted = prefix.toLowerCase();
  return (await zones()).names.filter((name) => name.toLowerCase().startsWith(wanted)).slice(0, 100);
}
