import type { Atlas } from "./places/resolve-zone.ts";
import type { NamedZone } from "./zone/catalog.ts";

/** What the handlers of this server may use. */
export interface Time extends Atlas {
  /** The zone of a caller that names none. */
  readonly localZone: () => Promise<NamedZone>;
}
