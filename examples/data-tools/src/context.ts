import type { Configs } from "./config/configs.ts";

/** What handlers share. */
export interface Data {
  readonly configs: Configs;
}
