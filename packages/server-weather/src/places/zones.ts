/** Countries by time zone, to find the units and the warning service for points without a name. */
const ZONES =
  `US America/New_York America/Detroit America/Chicago America/Menominee America/Denver America/Boise America/Phoenix
America/Los_Angeles America/Anchorage America/Juneau America/Sitka America/Metlakatla America/Yakutat America/Nome
America/Adak Pacific/Honolulu America/Indiana/* America/Kentucky/* America/North_Dakota/*|
PR America/Puerto_Rico|GU Pacific/Guam|GB Europe/London|NO Europe/Oslo Arctic/Longyearbyen|SE Europe/Stockholm|
FI Europe/Helsinki|DK Europe/Copenhagen|IS Atlantic/Reykjavik|FO Atlantic/Faroe|DE Europe/Berlin Europe/Busingen|
FR Europe/Paris|ES Europe/Madrid Atlantic/Canary Africa/Ceuta|PT Europe/Lisbon Atlantic/Madeira Atlantic/Azores|
IT Europe/Rome|AT Europe/Vienna|CH Europe/Zurich|BE Europe/Brussels|NL Europe/Amsterdam|LU Europe/Luxembourg|
IE Europe/Dublin|PL Europe/Warsaw|CZ Europe/Prague|SK Europe/Bratislava|HU Europe/Budapest|SI Europe/Ljubljana|
HR Europe/Zagreb|BA Europe/Sarajevo|RS Europe/Belgrade|ME Europe/Podgorica|MK Europe/Skopje|RO Europe/Bucharest|
BG Europe/Sofia|GR Europe/Athens|CY Asia/Nicosia Asia/Famagusta|MT Europe/Malta|EE Europe/Tallinn|LV Europe/Riga|
LT Europe/Vilnius|MD Europe/Chisinau|UA Europe/Kyiv Europe/Kiev|IL Asia/Jerusalem`
    .split("|")
    .map((entry) => {
      const [country = "", ...zones] = entry.trim().split(/\s+/);
      return { country, zones };
    });

/** The country of a zone, if it matters here. */
export function countryOfZone(zone: string): string | undefined {
  const family = zone.replace(/\/[^/]+$/, "/*");
  return ZONES.find(({ zones }) => zones.includes(zone) || zones.includes(family))?.country;
}

/** The time zone of a point; at sea, the nautical one. */
export async function zoneAt({ latitude, longitude }: { latitude: number; longitude: number }): Promise<string> {
  const { default: lookup } = await import("@photostructure/tz-lookup");
  return lookup(latitude, longitude);
}
