import { expect, test } from "vitest";
import { sizeOf } from "../chart/png.ts";
import { useWeather } from "../upstream/use-upstream.ts";

const { ok, error, at, upstream, client } = useWeather();

/** The picture and the line under it. */
async function draw(args: Record<string, unknown>) {
  const { content, structuredContent } = await client().then((one) =>
    one.callTool({ name: "draw_weather_chart", arguments: args }),
  );
  const [image, line, ...more] = content;
  if (image?.type !== "image" || line?.type !== "text") throw new Error(JSON.stringify(content).slice(0, 500));
  expect(more).toEqual([]);
  expect(structuredContent).toBeUndefined();
  expect(image.mimeType).toBe("image/png");
  return { png: Buffer.from(image.data, "base64"), line: line.text };
}

test("a picture of the next seven days, and one line that says which place, which days and what it shows", async () => {
  at("2026-11-28T09:00:00Z");
  const { png, line } = await draw({ location: "Berlin" });
  expect(sizeOf(png)).toEqual({ width: 1000, height: 798 });
  expect(png.byteLength).toBeGreaterThan(40_000);
  expect(line).toMatch(
    /^Berlin, .*Germany \(DE; 52\.5244,13\.4105; .*Europe\/Berlin\), 28 Nov – 4 Dec 2026: highest .* °C/,
  );
  expect(line).toMatch(/ km\/h.*Source: Open-Meteo, .*CC BY 4\.0/);
  expect(line).not.toContain("\n");
});

test("in the units of the place, or those asked for", async () => {
  at("2026-11-28T20:00:00Z");
  expect((await draw({ location: "Seattle", days: 3 })).line).toMatch(
    /28 Nov – 30 Nov 2026: .* °F.* total precipitation .* in,.* mph/,
  );
  expect((await draw({ location: "Seattle", days: 3, units: "si" })).line).toMatch(
    / °C.* total precipitation .* mm,.* m\/s/,
  );
});

test("a past period is drawn: a day by the hour, a year by the day and the week", async () => {
  at("2026-11-28T09:00:00Z");
  const day = await draw({ location: "Berlin", start_date: "2025-07-01", end_date: "2025-07-01" });
  expect(day.line).toContain(" Tue 1 Jul 2025: ");
  expect(sizeOf(day.png).height).toBe(798);
  const year = await draw({ location: "Berlin", start_date: "2025-01-01", end_date: "2025-12-31" });
  expect(year.line).toContain(" 1 Jan – 31 Dec 2025: ");
  expect(sizeOf(year.png)).toEqual({ width: 1000, height: 702 });
  expect(year.line).not.toContain("not available");
});

test("others of the same name are told, with how to ask for them", async () => {
  at("2026-11-28T09:00:00Z");
  expect((await draw({ location: "Paris", days: 1 })).line).toMatch(/Other places of this name.*Paris, Texas/);
});

test("what cannot be meant is refused, and says what to pass", async () => {
  const past = { location: "Berlin", start_date: "2025-07-01", end_date: "2025-07-31" };
  expect(await error("draw_weather_chart", { ...past, end_date: undefined })).toMatch(
    /^invalid_input: end_date is missing/,
  );
  expect(await error("draw_weather_chart", { ...past, start_date: undefined })).toMatch(
    /^invalid_input: start_date is missing/,
  );
  expect(await error("draw_weather_chart", { ...past, days: 3 })).toMatch(/^invalid_input: days is for a forecast/);
  expect(await error("draw_weather_chart", { ...past, start_date: "2025-02-30" })).toMatch(
    /2025-02-30.* is not a date/,
  );
  expect(await error("draw_weather_chart", { ...past, start_date: "2025-08-01" })).toMatch(/is before start_date/);
  expect(await error("draw_weather_chart", { ...past, start_date: "2023-08-01" })).toMatch(/more than 366 days/);
  const soon = { location: "Berlin", start_date: "2026-12-24", end_date: "2026-12-26" };
  expect(await error("draw_weather_chart", soon)).toMatch(/is in the future\. For that, pass only days/);
  expect(await error("draw_weather_chart", { location: "Berlin", days: 17 })).toMatch(/^invalid_input: /);
  expect(upstream().askedFor(/forecast|archive/)).toEqual([]);
});

test("a chart and a forecast of one place are one question to the source", async () => {
  at("2026-11-28T09:00:00Z");
  await ok("get_forecast", { location: "Berlin" });
  await draw({ location: "Berlin" });
  expect(upstream().askedFor(/\/v1\/forecast/)).toHaveLength(1);
});
