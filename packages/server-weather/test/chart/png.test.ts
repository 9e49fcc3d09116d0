import { crc32 } from "node:zlib";
import { Resvg } from "@resvg/resvg-js";
import { expect, test } from "vitest";
import { drawWeather } from "../../src/chart/draw.ts";
import { encodePng, nativeRenderer, portableRenderer, toPng } from "../../src/chart/png.ts";
import { element, label } from "../../src/chart/svg.ts";
import { chunksOf, pixelsOf, sizeOf } from "./png.ts";
import { BERLIN, sampleForecast, YAKUTSK } from "./samples.ts";

const { signal } = new AbortController();

test("a forecast becomes a PNG of the drawing's size, and a line of what it shows", async () => {
  const forecast = sampleForecast(YAKUTSK, "2026-01-10", 3);
  const { png, facts } = await drawWeather(forecast, "2026-01-10", "2026-01-12", signal);
  expect(sizeOf(png)).toEqual({ width: 1000, height: 798 });
  expect(png.byteLength).toBeGreaterThan(40_000);
  expect(png.byteLength).toBeLessThan(300_000);
  const { temperature_max, precipitation, wind_gusts_max } = forecast.daily.series;
  const highest = Math.max(...(temperature_max?.values ?? []).map((value) => value ?? -99));
  const total = (precipitation?.values ?? []).reduce<number>((sum, value) => sum + (value ?? 0), 0);
  const gusts = Math.max(...(wind_gusts_max?.values ?? []).map((value) => value ?? 0));
  expect(facts).toContain("10 Jan – 12 Jan 2026: ");
  expect(facts).toContain(`highest ${String(highest).replace("-", "−")} °C (`);
  expect(facts).toContain(`total precipitation ${total.toFixed(1)} mm`);
  expect(facts).toContain(`gusts up to ${gusts} km/h`);
  expect(facts).not.toContain("\n");
});

test("figures that are not there are said to be not available, and days of a source that tells fewer are counted", async () => {
  const forecast = sampleForecast(BERLIN, "2026-11-28", 2);
  const daily = {
    ...forecast.daily,
    series: {
      ...forecast.daily.series,
      wind_speed_max: undefined,
      feels_like_max: undefined,
      feels_like_min: undefined,
    },
  };
  const { facts } = await drawWeather({ ...forecast, daily }, "2026-11-28", "2026-11-30", signal);
  expect(facts).toContain("wind up to not available");
  expect(facts).toContain("; feels like not available; ");
  expect(facts).toContain("(not available for 1 of 3 days)");
});

const svg = (width: number, height: number, ...inside: readonly string[]) =>
  element("svg", { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}` }, ...inside);

test("both renderers draw the same picture, letters included", async () => {
  const words = label("−3 °C Århus Москва Αθήνα", { x: 4, y: 24, "font-size": 16, "font-weight": 700, fill: "#000" });
  const [native, portable] = [await nativeRenderer(), await portableRenderer()];
  const [one, other] = [await native(svg(300, 40, words)), await portable(svg(300, 40, words))];
  expect(Buffer.from(one.pixels)).toEqual(Buffer.from(other.pixels));
  expect(Buffer.from(one.pixels)).not.toEqual(Buffer.from((await native(svg(300, 40))).pixels));
});

test("a PNG has the pixels that the renderer's own encoder writes, whole and with right checksums", async () => {
  const paper = element("rect", { width: 61, height: 37, fill: "#fff" });
  const circle = element("circle", { cx: 30, cy: 18, r: 15, fill: "#e2562d", "fill-opacity": 0.4 });
  const drawing = svg(61, 37, paper, circle);
  const png = await encodePng([await (await nativeRenderer())(drawing)]);
  expect(pixelsOf(png)).toEqual(pixelsOf(new Resvg(drawing).render().asPng()));
  const chunks = chunksOf(png);
  expect(chunks.map(({ type }) => type)).toEqual(["IHDR", "IDAT", "IEND"]);
  for (const { body, checksum } of chunks) expect(checksum).toBe(crc32(body));
});

test("two drawings become one picture, the second below the first", async () => {
  const fill = (height: number, colour: string) =>
    svg(61, height, element("rect", { width: 61, height, fill: colour }));
  const png = await toPng([fill(20, "#123456"), fill(17, "#fedcba")], signal);
  expect(sizeOf(png)).toEqual({ width: 61, height: 37 });
  const pixels = pixelsOf(png);
  const colours = Array.from({ length: 37 }, (_, y) => pixels.toString("hex", y * 61 * 4, y * 61 * 4 + 3));
  expect(colours).toEqual([...Array(20).fill("123456"), ...Array(17).fill("fedcba")]);
});
