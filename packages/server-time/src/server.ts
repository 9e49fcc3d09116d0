import { defineServer, once } from "@org/server-kit";
import pkg from "../package.json" with { type: "json" };
import type { Time } from "./context.ts";
import { localZone } from "./local-zone.ts";
import { requireOptionZone } from "./places/resolve-zone.ts";
import { planMeeting } from "./prompts/plan-meeting.ts";
import { zoneResource, zonesResource } from "./resources/zones.ts";

export const timeServer = defineServer({
  name: "server-time",
  version: pkg.version,
  package: pkg,
  title: "Time",
  instructions:
    "Time zones and dates from current IANA data, which is newer than your training: compute here, not from memory. A zone is " +
    "an IANA name such as Europe/Berlin; find_timezones finds it by city, country, abbreviation or offset. A local time that " +
    'occurs twice or never is refused with both readings: ask, or pass disambiguation. Words such as "next Friday" ' +
    "are not understood: get today's date and count. Years 1900 to 2100; public holidays are not known.",
  options: {
    timezone: {
      type: "string",
      env: "TIME_TIMEZONE",
      description: "Zone that get_current_time uses when a call names none. Default: TZ, else the system's.",
    },
  },
  async open({ timezone }): Promise<Time> {
    // Data, and the code for it, are loaded by the first call. Only a configured zone is checked earlier.
    const zones = once(async () => (await import("./zone/catalog.ts")).loadZoneCatalog());
    const places = once(async () => (await import("./places/places.ts")).loadPlaces(await zones()));
    const configured =
      timezone === undefined ? undefined : await requireOptionZone({ zones, places }, "timezone", timezone);
    return {
      zones,
      places,
      localZone: once(async () => configured ?? localZone(await zones(), process.env.TZ)),
    };
  },
  // Loaded by the first request for tools: their schemas take a tenth of the start-up time.
  tools: () => import("./tools/index.ts").then(({ tools }) => tools),
  resources: [zonesResource, zoneResource],
  prompts: [planMeeting],
});
