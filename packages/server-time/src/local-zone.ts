import type { NamedZone, ZoneCatalog } from "./zone/catalog.ts";

/**
 * The zone of this machine: that of the TZ variable if it names one, else the system's, else UTC. @param tz the value
 * of TZ: a name, which POSIX allows to begin with a colon, or a rule such as `CET-1`
 */
export function localZone(catalog: ZoneCatalog, tz: string | undefined): NamedZone {
  const named = tz && catalog.find(tz.replace(/^:/, ""));
  if (named) return named;
  // The system may report names that IANA replaced long ago, such as Asia/Calcutta. For an unknown TZ, Node returns
  // undefined, despite its types.
  const system: string | undefined = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const canonical = catalog.canonical(system ?? "UTC");
  const zone = catalog.find(canonical === "Etc/UTC" ? "UTC" : canonical) ?? catalog.find("UTC");
  if (!zone) throw new RangeError("the time zone data has no UTC");
  return zone;
}
