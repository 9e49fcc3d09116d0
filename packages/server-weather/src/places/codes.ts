/** Codes that stand for regions and countries. A two-letter code is a state before it is a country: "Springfield, IL". */

const STATES = `AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|CT Connecticut|DE Delaware|DC District of Columbia
|FL Florida|GA Georgia|HI Hawaii|ID Idaho|IL Illinois|IN Indiana|IA Iowa|KS Kansas|KY Kentucky|LA Louisiana|ME Maine|MD Maryland
|MA Massachusetts|MI Michigan|MN Minnesota|MS Mississippi|MO Missouri|MT Montana|NE Nebraska|NV Nevada|NH New Hampshire|NJ New Jersey
|NM New Mexico|NY New York|NC North Carolina|ND North Dakota|OH Ohio|OK Oklahoma|OR Oregon|PA Pennsylvania|RI Rhode Island
|SC South Carolina|SD South Dakota|TN Tennessee|TX Texas|UT Utah|VT Vermont|VA Virginia|WA Washington|WV West Virginia
|WI Wisconsin|WY Wyoming`;
const PROVINCES = `AB Alberta|BC British Columbia|MB Manitoba|NB New Brunswick|NL Newfoundland and Labrador|NS Nova Scotia|NT Northwest Territories
|NU Nunavut|ON Ontario|PE Prince Edward Island|QC Quebec|SK Saskatchewan|YT Yukon`;
const AUSTRALIAN = `ACT Australian Capital Territory|NSW New South Wales|NT Northern Territory|QLD Queensland|SA South Australia|TAS Tasmania
|VIC Victoria|WA Western Australia`;

/** The regions that a code stands for, each with its country. */
const REGIONS = [
  ["US", STATES],
  ["CA", PROVINCES],
  ["AU", AUSTRALIAN],
].flatMap(([country = "", list = ""]) =>
  list.split("|").map((entry) => {
    const [code = "", ...name] = entry.trim().split(" ");
    return { country, code, name: name.join(" ") };
  }),
);

export const regionsOf = (code: string) => REGIONS.filter((region) => region.code === code.toUpperCase());

/** Other common names of countries. */
const ALIASES: Readonly<Record<string, string>> = {
  usa: "US",
  "u s a": "US",
  "u s": "US",
  america: "US",
  "united states of america": "US",
  uk: "GB",
  "u k": "GB",
  britain: "GB",
  "great britain": "GB",
  holland: "NL",
  "czech republic": "CZ",
  "south korea": "KR",
  "north korea": "KP",
  uae: "AE",
  turkey: "TR",
  russia: "RU",
  "ivory coast": "CI",
  burma: "MM",
};

/** Languages in which countries are often written. */
const LANGUAGES = "en de fr es it pt nl pl sv da nb fi cs hu ro tr ru uk el ar he ja ko zh".split(" ");
const LETTERS = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
let named: ReadonlyMap<string, string> | undefined;

/** Finds a country's code by its name in many languages, by another common name, or by the code itself. */
export function countryOf(text: string): string | undefined {
  const folded = fold(text);
  if (Object.hasOwn(ALIASES, folded)) return ALIASES[folded];
  named ??= countryNames();
  return named.get(folded) ?? (/^[a-z]{2}$/i.test(text) && named.has(folded) ? text.toUpperCase() : undefined);
}

function countryNames(): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const codes = LETTERS.flatMap((first) => LETTERS.map((second) => first + second));
  const english = new Intl.DisplayNames("en", { type: "region", fallback: "none" });
  // Codes of former countries, such as DD, have a different canonical form.
  const isCurrent = (code: string) => Intl.getCanonicalLocales(`und-${code}`)[0] === `und-${code}`;
  const real = codes.filter(
    (code) => english.of(code) !== undefined && isCurrent(code) && !/^(EU|EZ|UN|ZZ|X[A-JL-Z])$/.test(code),
  );
  for (const language of LANGUAGES) {
    const display = new Intl.DisplayNames(language, { type: "region", fallback: "none" });
    for (const code of real) {
      const name = fold(display.of(code) ?? "");
      if (name !== "" && !names.has(name)) names.set(name, code);
    }
  }
  for (const code of real) names.set(code.toLowerCase(), code);
  return names;
}

/** A name in a form for comparison: lower case, without accents and punctuation. */
export function fold(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/ß/g, "ss")
    .replace(/ø/g, "o")
    .replace(/ł/g, "l")
    .replace(/æ/g, "ae")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
