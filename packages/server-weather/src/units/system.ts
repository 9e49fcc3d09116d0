import type { Place } from "../forecast/types.ts";

export const UNIT_SYSTEMS = ["metric", "imperial", "si", "uk"] as const;
/** metric: °C, km/h, mm. imperial: °F, mph, inches. si: °C, m/s, mm. uk: °C, mph, mm. */
export type UnitSystem = (typeof UNIT_SYSTEMS)[number];

const CUSTOMS: readonly (readonly [UnitSystem, ReadonlySet<string>])[] = [
  ["imperial", new Set("US PR GU VI AS MP UM BS BZ KY PW FM MH LR".split(" "))],
  ["uk", new Set("GB GG JE IM".split(" "))],
  ["si", new Set("NO SE FI DK IS FO GL AX SJ".split(" "))],
];

/** The requested units, or else those that people at the place use. */
export function unitSystem({ countryCode = "" }: Place, asked?: UnitSystem): UnitSystem {
  return asked ?? CUSTOMS.find(([, countries]) => countries.has(countryCode))?.[0] ?? "metric";
}
