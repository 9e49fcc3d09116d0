import { Resvg } from "@resvg/resvg-js";

/** The size in pixels that directories and Claude Desktop ask for. */
const SIDE = 512;

/** A server's icon as a PNG. Icons have no text, so the machine's fonts make no difference. */
export function renderIcon(svg: string): Buffer {
  return new Resvg(svg, { fitTo: { mode: "width", value: SIDE }, font: { loadSystemFonts: false } }).render().asPng();
}
