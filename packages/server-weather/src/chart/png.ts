import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { once } from "@org/server-kit";
import { packageFile } from "../package-file.ts";

type Render = (svg: string) => Promise<Uint8Array>;

const FONTS = ["fonts/NotoSans-Regular.ttf", "fonts/NotoSans-Bold.ttf"].map(packageFile);
const FONT = { loadSystemFonts: false, defaultFontFamily: "Noto Sans" };

/** The renderer as native code, on a thread of its own: twelve platforms have it. */
export async function nativeRenderer(): Promise<Render> {
  const { renderAsync } = await import("@resvg/resvg-js");
  const options = { font: { ...FONT, fontFiles: FONTS } };
  return async (svg) => (await renderAsync(svg, options)).asPng();
}

/** The same renderer as WebAssembly, ten times as slow: for other platforms, and where npm left out the native one. */
export async function portableRenderer(): Promise<Render> {
  const { initWasm, Resvg } = await import("@resvg/resvg-wasm");
  const wasm = createRequire(import.meta.url).resolve("@resvg/resvg-wasm/index_bg.wasm");
  await initWasm(await readFile(wasm));
  const fontBuffers = await Promise.all(FONTS.map((file) => readFile(file)));
  return async (svg) => new Resvg(svg, { font: { ...FONT, fontBuffers } }).render().asPng();
}

const renderer = once(() => nativeRenderer().catch(portableRenderer));

/** Turns a drawing into a PNG. The letters are those of the shipped font, so that it is the same on every machine. */
export async function toPng(svg: string, signal: AbortSignal): Promise<Uint8Array> {
  const render = await renderer();
  signal.throwIfAborted();
  return render(svg);
}
