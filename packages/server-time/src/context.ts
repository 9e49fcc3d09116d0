import type { Atlas } from "./places/resolve-zone.ts";
import type { NamedZone } from "./zone/catalog.ts";

/** What the handlers of this server may use. */
export interface Time extends Atlas {
  /** The zone for calls that name none. */
  readonly localZone: () => Promise<NamedZone>;
}
