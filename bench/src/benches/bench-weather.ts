import { createRequire } from "node:module";
import path from "node:path";
import { startUpstream } from "../../../packages/server-weather/test/upstream/upstream.ts";
import { requestOf } from "../client/protocol.ts";
import { openStdio } from "../client/stdio.ts";
import { atMost, plain } from "../report/figures.ts";
import { progress } from "../report/progress.ts";
import type { Section } from "../report/report.ts";
import { spreadOf } from "../report/stats.ts";

const SERVER = path.join(
  path.dirname(createRequire(import.meta.url).resolve("@org/server-weather/package.json")),
  "dist/cli.js",
);
const ERA = "2025-11-25";
const FIRST_CHARTS = 9;
const NEXT_CHARTS = 30;
const BATCHES = 10;
const BATCH = 50;
const WARM_UP = 100;

const FORECAST = requestOf(ERA, "tools/call", { name: "get_forecast", arguments: { location: "Berlin" } });
const chartOf = (more: object) =>
  requestOf(ERA, "tools/call", { name: "draw_weather_chart", arguments: { location: "Berlin", ...more } });

/** Charts and cached answers of server-weather, called as by a host; the weather comes from the tests' fake source. */
export async function benchWeather(): Promise<Section> {
  const upstream = await startUpstream();
  // The server finds its sources through the environment that it inherits from this process.
  Object.assign(process.env, upstream.env);
  try {
    const first: number[] = [];
    for (let round = 0; round < FIRST_CHARTS; round += 1) {
      first.push(...(await drawCharts([{}])).times);
      progress(`first chart, ${round + 1} of ${FIRST_CHARTS}`);
    }
    const next = async (more: object) => {
      const { times, cpu } = await drawCharts(Array.from({ length: NEXT_CHARTS + 1 }, () => more));
      return { times: spreadOf(times.slice(1)), cpu: spreadOf(cpu.slice(1)) };
    };
    const week = await next({});
    const forecasts = await rememberedForecasts();
    const year = { start_date: "2025-01-01", end_date: "2025-12-31" };
    return {
      title: "Weather",
      how: `From the call to its answer over stdio, for a place whose weather is already cached: the first chart of a process, which also loads the renderer, in ${FIRST_CHARTS} processes; then ${NEXT_CHARTS} more in one process; and ${BATCHES * BATCH} forecasts, for which CPU is the time of all the server's threads.`,
      figures: [
        atMost("a cached forecast of 7 days: CPU", forecasts.cpu, 1, "ms", 2),
        plain("a cached forecast of 7 days, round trip", forecasts.times, "ms", 2),
        atMost("the first chart, 7 days", spreadOf(first), 150, "ms", 1),
        atMost("the next, 7 days", week.times, 30, "ms", 1),
        plain("the next, 7 days: CPU", week.cpu, "ms"),
        plain("the next, 1 day", (await next({ days: 1 })).times, "ms"),
        plain("the next, 16 days", (await next({ days: 16 })).times, "ms"),
        plain("the next, a year", (await next(year)).times, "ms"),
      ],
    };
  } finally {
    await upstream.close();
  }
}

/**
 * Milliseconds per forecast: by the client's clock, which includes the way through both pipes, and of the server's
 * processor time, per batch, since asking for that takes longer than the forecast itself.
 */
async function rememberedForecasts() {
  const session = await openStdio([SERVER], ERA);
  try {
    for (let call = 0; call < WARM_UP; call += 1) await session.ask(FORECAST);
    const times: number[] = [];
    const cpu: number[] = [];
    for (let batch = 0; batch < BATCHES; batch += 1) {
      const before = await session.usage();
      for (let call = 0; call < BATCH; call += 1) {
        const began = performance.now();
        await session.ask(FORECAST);
        times.push(performance.now() - began);
      }
      cpu.push(((await session.usage()).cpu - before.cpu) / 1000 / BATCH);
    }
    return { times: spreadOf(times), cpu: spreadOf(cpu) };
  } finally {
    await session.close();
  }
}

/** Milliseconds per chart, one after another in a separate process: by the clock, and summed over its threads. */
async function drawCharts(charts: readonly object[]): Promise<{ times: number[]; cpu: number[] }> {
  const session = await openStdio([SERVER], ERA);
  try {
    // Fills the cache, so that only drawing is measured and not the request to the source.
    await session.ask(FORECAST);
    const times: number[] = [];
    const cpu: number[] = [];
    for (const more of charts) {
      const before = await session.usage();
      const began = performance.now();
      await session.ask(chartOf(more));
      times.push(performance.now() - began);
      cpu.push(((await session.usage()).cpu - before.cpu) / 1000);
    }
    return { times, cpu };
  } finally {
    await session.close();
  }
}
