import { unpackZone } from "./packed.ts";
import type { Zone } from "./zone.ts";

/** A zone under the name it was requested by: an alias stays an alias. */
export interface NamedZone {
  readonly name: string;
  readonly zone: Zone;
}

export interface ZoneCatalog {
  /** The IANA release, such as `2026f`. */
  readonly version: string;
  /** Every name, including aliases, in alphabetical order. */
  readonly names: readonly string[];
  /** The names that are not aliases. */
  readonly canonicalNames: readonly string[];
  /** Finds an IANA name or alias in any case, or a Windows name; undefined when there is none. */
  find(name: string): NamedZone | undefined;
  /** The canonical form of a name given in its proper case; unknown names are returned unchanged. */
  canonical(name: string): string;
  aliases(canonical: string): readonly string[];
}

const LONGEST_NAME = 64;

/** Loads the IANA data in this package, because Node's own is as old as Node. */
export async function loadZoneCatalog(): Promise<ZoneCatalog> {
  const [{ default: data }, { default: windows }] = await Promise.all([
    import("../data/zones.json", { with: { type: "json" } }),
    import("../data/windows.json", { with: { type: "json" } }),
  ]);
  // Maps, since `constructor` is a key of every object.
  const packed = new Map(Object.entries(data.zones));
  const links = new Map(Object.entries(data.links));
  const canonicalNames = [...packed.keys()];
  const names = [...canonicalNames, ...links.keys()].sort();
  const byLowerCase = new Map(names.map((name) => [name.toLowerCase(), name]));
  for (const [name, zone] of Object.entries(windows)) {
    // Windows also has a zone called UTC, which stays an alias of Etc/UTC.
    if (!byLowerCase.has(name.toLowerCase())) byLowerCase.set(name.toLowerCase(), zone);
  }
  const unpacked = new Map<string, Zone>();

  const canonical = (name: string) => links.get(name) ?? name;
  const zoneOf = (name: string): Zone => {
    const known = unpacked.get(name);
    if (known) return known;
    const zone = unpackZone(name, packed.get(name) ?? "");
    unpacked.set(name, zone);
    return zone;
  };
  return {
    version: data.version,
    names,
    canonicalNames,
    find(name) {
      // Only printable ASCII: the Kelvin sign is a k in lower case, and Bangkok has only one name.
      if (name.length > LONGEST_NAME || !/^[!-~][ -~]*$/.test(name)) return undefined;
      const proper = byLowerCase.get(name.toLowerCase());
      return proper === undefined ? undefined : { name: proper, zone: zoneOf(canonical(proper)) };
    },
    canonical,
    aliases: (name) => [...links].flatMap(([alias, target]) => (target === name ? [alias] : [])),
  };
}
