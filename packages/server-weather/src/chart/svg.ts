export type Attributes = Readonly<Record<string, string | number | undefined>>;

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
// XML cannot represent control characters, and a single one makes the renderer refuse the whole picture.
const SPECIAL = /[&<>"\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu;

export const escapeXml = (text: string): string => text.replace(SPECIAL, (sign) => ESCAPES[sign] ?? " ");

export const unescapeXml = (text: string): string =>
  Object.entries(ESCAPES).reduceRight((left, [sign, written]) => left.replaceAll(written, sign), text);

/** Writes an SVG element. Children are markup made by this function; text must go through {@link label}. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  let written = "";
  for (const key in attributes) {
    const value = attributes[key];
    if (value !== undefined) written += ` ${key}="${typeof value === "number" ? short(value) : escapeXml(value)}"`;
  }
  return `<${name}${written}>${children.join("")}</${name}>`;
}

export const label = (words: string, attributes: Attributes): string => element("text", attributes, escapeXml(words));

/** Nobody sees less than a tenth of a pixel, and rounding halves the markup. */
const short = (value: number): string => String(Math.round(value * 10) / 10);

/** A line with round ends or, if dashed, straight ones, because rounding hundreds of dashes takes the renderer long. */
export function stroke(d: string, colour: string, width: number, dashes?: string): string {
  const look = { fill: "none", stroke: colour, "stroke-width": width, "stroke-linejoin": "bevel" };
  if (dashes === undefined) return element("path", { d, ...look, "stroke-linecap": "round" });
  // A point between two gaps has no length, so it would have no dash.
  return element("path", { d: d.replaceAll("Z", "h2"), ...look, "stroke-dasharray": dashes });
}

/** A shape whose edges are at whole pixels or under a line; without antialiasing, it takes a third of the time. */
export const sharp = (d: string, look: Attributes): string =>
  d === "" ? "" : element("path", { d, ...look, "shape-rendering": "crispEdges" });
