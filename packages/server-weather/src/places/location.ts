import { quote, ToolError } from "@org/server-kit";

/** A parsed location: a point, or a name and what narrows it down. */
export type Location =
  | { readonly latitude: number; readonly longitude: number }
  | { readonly name: string; readonly within: readonly string[] };

const DEGREES = String.raw`([+-]?\d{1,3}(?:\.\d+)?)\s*°?`;
const PLAIN = new RegExp(String.raw`^\(?\s*(?:geo:)?${DEGREES}\s*[,;\s]\s*${DEGREES}\s*\)?$`, "i");
const LETTERED = new RegExp(String.raw`^\s*${DEGREES}\s*([NS])\s*[,;\s]\s*${DEGREES}\s*([EW])\s*$`, "i");
const LONGEST = 200;

/**
 * Reads a location.
 * @throws ToolError `invalid_input` for coordinates that are not on earth, and for text that cannot be a name
 */
export function readLocation(text: string, argument = "location"): Location {
  const given = text.normalize("NFC").trim();
  if (given.length > LONGEST || !/[\p{L}\p{N}]/u.test(given)) {
    const what =
      given.length > LONGEST ? `${argument} has ${given.length} characters` : `${argument} is ${quote(given)}`;
    throw new ToolError("invalid_input", `${what}. Pass a place (Paris, Texas), a postcode or lat,lon (48.85,2.35).`);
  }
  const plain = PLAIN.exec(given);
  if (plain) return point(given, Number(plain[1]), Number(plain[2]));
  const lettered = LETTERED.exec(given);
  if (lettered) {
    const [, north = "", ns = "", east = "", ew = ""] = lettered;
    return point(given, Number(north) * (/s/i.test(ns) ? -1 : 1), Number(east) * (/w/i.test(ew) ? -1 : 1));
  }
  const [name = "", ...within] = given.split(/[,，、;]/).flatMap((part) => part.trim() || []);
  // "Springfield, IL 62701": after a town and its state, the postcode adds nothing.
  return { name, within: within.map((part) => part.replace(/^([A-Z]{2,3})\s+\d{4,5}(-\d{4})?$/, "$1")) };
}

function point(given: string, latitude: number, longitude: number): Location {
  if (Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180) return { latitude, longitude };
  const isSwapped = Math.abs(longitude) <= 90 && Math.abs(latitude) <= 180;
  const hint = isSwapped ? ` Did you mean ${longitude},${latitude}?` : "";
  throw new ToolError(
    "invalid_input",
    `${quote(given)} is not on earth: latitude goes from -90 to 90 and longitude from -180 to 180, in that order.${hint}`,
  );
}

const SCRIPTS: readonly (readonly [RegExp, string])[] = [
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/u, "ja"],
  [/\p{Script=Han}/u, "zh"],
  [/\p{Script=Hangul}/u, "ko"],
  [/[іїєґ]/iu, "uk"],
  [/\p{Script=Cyrillic}/u, "ru"],
  [/\p{Script=Greek}/u, "el"],
  [/\p{Script=Arabic}/u, "ar"],
  [/\p{Script=Hebrew}/u, "he"],
  [/\p{Script=Devanagari}/u, "hi"],
  [/\p{Script=Thai}/u, "th"],
];

/** The languages in which to look for a name: English, and the one whose script it is written in. */
export function languagesOf(name: string): readonly string[] {
  const own = SCRIPTS.find(([script]) => script.test(name))?.[1];
  return own === undefined ? ["en"] : ["en", own];
}
