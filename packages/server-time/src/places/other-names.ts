// Common names that are neither in zone names nor in the table of cities, in folded form.
export const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  Beijing: ["peking"],
  Bengaluru: ["bangalore"],
  Chennai: ["madras"],
  Cologne: ["koln"],
  Kolkata: ["calcutta"],
  Kyiv: ["kiev"],
  Lisbon: ["lisboa"],
  "Los Angeles": ["la"],
  Milan: ["milano"],
  Mumbai: ["bombay"],
  Munich: ["munchen"],
  "New York": ["new york city", "nyc"],
  Prague: ["praha"],
  Rome: ["roma"],
  "San Francisco": ["sf"],
  "The Hague": ["den haag"],
  Vienna: ["wien"],
  "Washington, D.C.": ["dc", "washington"],
};

/** By ISO 3166 code. */
export const OTHER_COUNTRY_NAMES: Readonly<Record<string, readonly string[]>> = {
  AE: ["uae", "emirates"],
  BY: ["belorussia"],
  CI: ["ivory coast"],
  CN: ["prc"],
  CZ: ["czech republic"],
  GB: ["uk", "great britain", "england", "scotland", "wales", "northern ireland"],
  KP: ["north korea"],
  KR: ["south korea", "korea"],
  MM: ["burma"],
  NL: ["holland"],
  SZ: ["swaziland"],
  TR: ["turkey"],
  US: ["usa", "united states of america", "america"],
  VA: ["vatican"],
};

/**
 * Old zone names whose place is in another country than the zone that they are aliases of: the name under which
 * zone.tab has that place. Pacific/Johnston has none there, and keeps Honolulu.
 */
export const ZONES_OF_OLD_NAMES: Readonly<Record<string, string>> = {
  "Africa/Asmera": "Africa/Asmara",
  "Africa/Timbuktu": "Africa/Bamako",
  "America/Coral_Harbour": "America/Atikokan",
  "America/Virgin": "America/St_Thomas",
  "Antarctica/South_Pole": "Antarctica/McMurdo",
  "Atlantic/Jan_Mayen": "Arctic/Longyearbyen",
  Iceland: "Atlantic/Reykjavik",
  "Pacific/Ponape": "Pacific/Pohnpei",
  "Pacific/Truk": "Pacific/Chuuk",
  "Pacific/Yap": "Pacific/Chuuk",
};
