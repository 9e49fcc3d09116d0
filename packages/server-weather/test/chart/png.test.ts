import { expect, test } from "vitest";
import { drawWeather } from "../../src/chart/draw.ts";
import { nativeRenderer, portableRenderer } from "../../src/chart/png.ts";
import { element, label } from "../../src/chart/svg.ts";
import { sizeOf } from "./png.ts";
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
  expect(facts).toContain(`precipitation ${total.toFixed(1)} mm in all`);
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

test("both renderers draw the same picture, letters included", async () => {
  const words = label("−3 °C Århus Москва Αθήνα", {
    x: 4,
    y: 24,
    "font-family": "Noto Sans",
    "font-weight": 700,
    fill: "#000",
  });
  const size = { xmlns: "http://www.w3.org/2000/svg", width: 300, height: 40 };
  const [drawn, blank] = [element("svg", size, words), element("svg", size)];
  const [native, portable] = [await nativeRenderer(), await portableRenderer()];
  expect(await native(drawn)).toEqual(Buffer.from(await portable(drawn)));
  expect((await native(drawn)).byteLength).toBeGreaterThan((await native(blank)).byteLength + 1000);
});
