import { Resvg } from "@resvg/resvg-js";

/** The side that directories and Claude Desktop ask for. */
const SIDE = 512;

/** A server's drawing as a PNG. Drawings have no text: which fonts a machine has makes no difference. */
export function renderIcon(svg: string): Buffer {
  return new Resvg(svg, { fitTo: { mode: "width", value: SIDE }, font: { loadSystemFonts: false } }).render().asPng();
}
