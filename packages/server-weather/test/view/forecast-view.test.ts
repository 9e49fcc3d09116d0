import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { packageFile } from "../../src/package-file.ts";
import { BERLIN, PHOENIX, SINGAPORE, sampleForecast, TROMSO } from "../chart/samples.ts";
import { answerOf, hoursFrom } from "./answers.ts";
import { CHROMIUM, type Stage, useBrowser } from "./browser.ts";

const html = readFileSync(packageFile("dist/forecast.html"), "utf8");
const WEEK = sampleForecast(BERLIN, "2026-11-28", 7);
const scene = { html, theme: "light", width: 700, args: { location: "Berlin" }, mayCall: true } as const;

/** Words as they are seen, in one line. */
const textIn = async ({ frame }: Stage, selector: string) =>
  (await frame.locator(selector).allInnerTexts()).join(" ").replace(/\s+/g, " ").trim();
const figuresIn = (stage: Stage) => textIn(stage, "#figures");
const choose = ({ frame }: Stage, value: string) => frame.locator(`input[value="${value}"]`).check({ force: true });
const press = async ({ page, frame }: Stage, ...keys: string[]) => {
  await frame.locator("#chart").focus();
  for (const key of keys) await page.keyboard.press(key);
};

test("the page refers to nothing outside of itself", () => {
  expect(html).not.toMatch(/\b(?:src|href|action)\s*=|@import|url\(|\bfetch\(|XMLHttpRequest|WebSocket|\bimport\(/);
  expect(html.length).toBeLessThan(120_000);
});

if (CHROMIUM === undefined) test.skip("no Chromium here (apt-get install chromium): the view is not tried", () => {});

describe.skipIf(CHROMIUM === undefined)("in Chromium, through the official host bridge", () => {
  const { show } = useBrowser();

  test("the page shows the place, its days and their figures, asks the network for nothing, and fits its frame", async () => {
    const stage = await show({ ...scene, result: answerOf(WEEK, "daily") });
    expect(await textIn(stage, "#place")).toBe("Berlin");
    expect(await textIn(stage, "#period")).toBe("Germany · 28 Nov – 4 Dec 2026");
    expect(await textIn(stage, "#asides")).toContain("Open-Meteo");
    expect(await stage.frame.locator("#days label").count()).toBe(8);
    expect(await textIn(stage, "#moment")).toBe("Sat 28 Nov");
    const { temperature_max, wind_speed_max } = WEEK.daily.series;
    expect(await figuresIn(stage)).toContain(`Highest ${temperature_max?.values[0]} °C`);
    expect(await figuresIn(stage)).toContain(`Wind ${wind_speed_max?.values[0]} km/h`);
    const [told, needed] = [
      await stage.page.evaluate(() => document.querySelector("iframe")?.clientHeight ?? 0),
      await stage.frame.evaluate(() => document.documentElement.scrollHeight),
    ];
    expect(told).toBe(needed);
    expect(needed).toBeLessThanOrEqual(500);
    expect(stage.requests).toEqual([]);
    expect(stage.complaints).toEqual([]);
  });

  test("a single day is shown by the hour at once; where the page may not ask for its hours, without a chart of one point", async () => {
    const result = answerOf(sampleForecast(BERLIN, "2026-11-28", 1), "daily");
    const stage = await show({ ...scene, result }, hoursFrom(WEEK));
    await stage.frame.waitForFunction(() => document.querySelector("#moment")?.textContent === "Sat 28 Nov, 00:00");
    expect(stage.calls).toHaveLength(1);
    expect(await stage.frame.locator("#chart").isVisible()).toBe(true);
    const alone = await show({ ...scene, result, mayCall: false });
    expect(await textIn(alone, "#moment")).toBe("Sat 28 Nov");
    expect(await figuresIn(alone)).toContain("Highest ");
    expect(await alone.frame.locator("#chart").isVisible()).toBe(false);
    expect(await alone.frame.locator("#measures").isVisible()).toBe(false);
  });

  test("a chosen day is shown by the hour: the page asks the server for its hours, once, as it was asked", async () => {
    const args = { location: "Berlin", units: "uk", days: 7, uncertainty: true };
    const stage = await show({ ...scene, args, result: answerOf(WEEK, "daily", "uk") }, hoursFrom(WEEK, "uk"));
    await choose(stage, "2026-11-30");
    await stage.frame.waitForFunction(() => document.querySelector("#moment")?.textContent === "Mon 30 Nov, 00:00");
    expect(await stage.frame.locator("#measures").isVisible()).toBe(true);
    const first = WEEK.hourly.series.temperature?.values[48];
    expect(await figuresIn(stage)).toContain(`Temperature ${String(first).replace("-", "−")} °C`);
    expect(await figuresIn(stage)).toContain(" mph ");
    await choose(stage, "all");
    expect(await textIn(stage, "#moment")).toBe("Sat 28 Nov");
    await choose(stage, "2026-11-30");
    expect(await textIn(stage, "#moment")).toBe("Mon 30 Nov, 00:00");
    const asked = { location: "Berlin", units: "uk", granularity: "hourly", start: "2026-11-30", days: 1 };
    expect(stage.calls).toEqual([{ name: "get_forecast", args: asked }]);
  });

  test("where the host lets it call nothing, a chosen day still shows its own figures", async () => {
    const stage = await show({ ...scene, mayCall: false, result: answerOf(WEEK, "daily") });
    await choose(stage, "2026-12-02");
    expect(await textIn(stage, "#moment")).toBe("Wed 2 Dec");
    expect(stage.calls).toEqual([]);
  });

  test("when the hours cannot be had, the page says so and keeps the day", async () => {
    const failing = async () => ({ isError: true, content: [{ type: "text", text: "unavailable: …" }] });
    const stage = await show({ ...scene, result: answerOf(WEEK, "daily") }, failing);
    await choose(stage, "2026-12-02");
    await stage.frame.waitForSelector("#status:has-text('There are no hours for 2 Dec.')");
    expect(await textIn(stage, "#moment")).toBe("Wed 2 Dec");
  });

  test("keys and the pointer walk along the chart, and a screen reader hears each step", async () => {
    const stage = await show({ ...scene, result: answerOf(sampleForecast(BERLIN, "2026-11-28", 2), "hourly") });
    const chart = stage.frame.getByRole("slider");
    const heard = async () => (await chart.getAttribute("aria-valuetext")) ?? "";
    expect(await chart.getAttribute("aria-label")).toMatch(/^temperature, by the hour/);
    await press(stage, "ArrowRight", "ArrowRight", "ArrowLeft");
    expect(await heard()).toMatch(/^Sat 28 Nov, 01:00, Weather .+, Temperature .+ °C, Feels like /);
    await press(stage, "PageUp");
    expect(await heard()).toMatch(/^Sun 29 Nov, 01:00/);
    await press(stage, "End", "ArrowRight");
    expect(await heard()).toMatch(/^Sun 29 Nov, 23:00/);
    expect(await chart.getAttribute("aria-valuenow")).toBe(await chart.getAttribute("aria-valuemax"));
    await press(stage, "Home");
    expect(await heard()).toMatch(/^Sat 28 Nov, 00:00/);
    const box = await chart.boundingBox();
    await stage.page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) - 20, (box?.y ?? 0) + 60);
    expect(await textIn(stage, "#moment")).toBe("Sun 29 Nov, 23:00");
    const left = await stage.frame.evaluate(() => document.querySelector("#chart")?.getBoundingClientRect().left ?? 0);
    await chart.dispatchEvent("pointerdown", { clientX: left + 41, pointerType: "touch" });
    expect(await textIn(stage, "#moment")).toBe("Sat 28 Nov, 00:00");
  });

  test("the highest and the lowest figure are written inside the chart", async () => {
    const hot = answerOf(sampleForecast(PHOENIX, "2026-07-01", 3), "hourly");
    const stage = await show({ ...scene, result: hot });
    const labels = stage.frame.locator("#chart text[font-weight='700']");
    const floor = (await stage.frame.locator("#chart path[fill='var(--night)']").boundingBox()) ?? { y: 0, height: 0 };
    expect(await labels.allTextContents()).toEqual(["26°", "41°"]);
    for (const label of await labels.all()) {
      const box = await label.boundingBox();
      expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(floor.y + floor.height);
    }
  });

  test("days and measures are chosen with the keyboard alone, under names that are read out", async () => {
    const stage = await show({ ...scene, result: answerOf(WEEK, "daily") }, hoursFrom(WEEK));
    await stage.frame.getByRole("radio", { name: /^All/ }).focus();
    await stage.page.keyboard.press("ArrowRight");
    await stage.frame.waitForFunction(() => document.querySelector("#moment")?.textContent === "Sat 28 Nov, 00:00");
    expect(await stage.frame.getByRole("radio", { name: /^Sat 28.+, 28 Nov|^Sat 28 28 Nov/ }).isChecked()).toBe(true);
    await stage.frame.getByRole("radio", { name: "Temperature" }).focus();
    await stage.page.keyboard.press("ArrowRight");
    expect(await stage.frame.getByRole("slider").getAttribute("aria-label")).toMatch(/^precipitation/);
    expect(await textIn(stage, "#legend")).toContain("mm per hour");
    await stage.page.keyboard.press("ArrowRight");
    expect(await textIn(stage, "#legend")).toContain("wind, km/h");
    expect(await stage.frame.getByRole("group", { name: "Day" }).count()).toBe(1);
    expect(await stage.frame.getByRole("group", { name: "What the chart shows" }).count()).toBe(1);
  });

  test("everything is in a table as well, with headings for its rows and columns", async () => {
    const stage = await show({ ...scene, result: answerOf(sampleForecast(TROMSO, "2026-12-20", 3), "daily") });
    await stage.frame.getByText("All figures as a table").click();
    expect(await stage.frame.getByRole("row").count()).toBe(4);
    expect(await stage.frame.getByRole("columnheader", { name: "Sunrise" }).count()).toBe(1);
    expect(await stage.frame.getByRole("row", { name: /^Mon 21 Dec.*does not rise does not rise/ }).count()).toBe(1);
  });

  test.each(["light", "dark"] as const)("in a %s host, words stand out from what is behind them", async (theme) => {
    const stage = await show({ ...scene, theme, result: answerOf(WEEK, "daily") });
    expect(await contrast(stage, "#place")).toBeGreaterThan(7);
    expect(await contrast(stage, "#asides")).toBeGreaterThan(4.5);
    expect(await contrast(stage, "#chart text", "fill")).toBeGreaterThan(4.5);
    const before = await background(stage);
    await stage.page.evaluate(
      (other) => window.setTheme(other),
      theme === "light" ? ("dark" as const) : ("light" as const),
    );
    await stage.frame.waitForFunction((old) => getComputedStyle(document.body).backgroundColor !== old, before);
    expect(await contrast(stage, "#place")).toBeGreaterThan(7);
  });

  test.each([320, 480, 1200])(
    "in %i pixels nothing is cut off, and a host that grows gets a wider chart",
    async (width) => {
      const sixteen = sampleForecast(PHOENIX, "2026-07-20", 16);
      const stage = await show({ ...scene, width, result: answerOf(sixteen, "daily", "imperial") });
      const overflow = () => stage.frame.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      const chartWidth = () =>
        stage.frame.evaluate(() => Number(document.querySelector("#chart svg")?.getAttribute("width")));
      expect(await overflow()).toBe(0);
      const before = await chartWidth();
      expect(before).toBeGreaterThan(width - 40);
      await stage.page.evaluate((wide) => {
        const frame = document.querySelector("iframe");
        if (frame) frame.style.width = `${wide}px`;
      }, width + 200);
      await stage.frame.waitForFunction(
        (old) => Number(document.querySelector("#chart svg")?.getAttribute("width")) === old + 200,
        before,
      );
      expect(await overflow()).toBe(0);
    },
  );

  test("nights are shaded in hourly answers, and figures that are not there are said so and leave a gap", async () => {
    const whole = sampleForecast(SINGAPORE, "2026-07-20", 1);
    const { temperature } = whole.hourly.series;
    const values = temperature?.values.map((value, at) => (at > 5 && at < 12 ? undefined : value)) ?? [];
    const series = { ...whole.hourly.series, temperature: { unit: "°C", values } };
    const stage = await show({
      ...scene,
      result: answerOf({ ...whole, hourly: { ...whole.hourly, series } }, "hourly"),
    });
    const nights = await stage.frame.locator("#chart path[fill='var(--night)']").getAttribute("d");
    expect(nights?.match(/M/g)).toHaveLength(2);
    await press(stage, "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight");
    expect(await figuresIn(stage)).toContain("Temperature not available");
    const lines = await stage.frame
      .locator("#chart path[stroke='var(--warm)']")
      .evaluateAll((paths) => paths.map((path) => path.getAttribute("d") ?? ""));
    expect(lines.map((d) => d.split("M").length - 1)).toEqual([2]);
  });

  test("names from elsewhere are words: markup in them is never run", async () => {
    const name = `<img src=x onerror="document.title='run'">`;
    const weather = { ...WEEK, place: { ...WEEK.place, name, country: "</script><b>" } };
    const stage = await show({ ...scene, result: answerOf(weather, "daily") });
    expect(await textIn(stage, "#place")).toBe(name);
    expect(await stage.frame.locator("img, b:has-text('b')").count()).toBe(0);
    expect(await stage.frame.title()).toBe("Weather forecast");
  });

  test("an error is shown as the server said it, and anything unexpected as nothing to show", async () => {
    const text = "not_found: no place is called Xyzzy. Pass another spelling.";
    const failed = await show({ ...scene, result: { isError: true, content: [{ type: "text", text }] } });
    expect(await textIn(failed, "#status")).toBe(text);
    for (const place of [3, { timezone: "Nowhere/At-All" }, { timezone: "Europe/Berlin" }]) {
      const structuredContent = { place, days: [null, { date: "never" }], hours: [{ time: 5 }] };
      const strange = await show({ ...scene, result: { structuredContent, content: [] } });
      expect(await textIn(strange, "#status")).toBe("There is no forecast to show.");
      expect(strange.complaints).toEqual([]);
    }
  });

  test("the page answers when the host takes it down", async () => {
    const stage = await show({ ...scene, result: answerOf(WEEK, "daily") });
    expect(await stage.page.evaluate(() => window.teardown())).toEqual({});
  });
});

const background = ({ frame }: Stage) => frame.evaluate(() => getComputedStyle(document.body).backgroundColor);

/** How words of the page stand out, by the formula of WCAG: 1 is not at all, 21 black on white. */
async function contrast({ frame }: Stage, selector: string, property: "color" | "fill" = "color"): Promise<number> {
  return frame.evaluate(
    ([where, which]) => {
      const luminance = (colour: string) => {
        const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map((value) => {
          const share = Number(value) / 255;
          return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
      };
      const words = document.querySelector(where);
      const style = words && getComputedStyle(words);
      const pair = [style?.[which] ?? "", getComputedStyle(document.body).backgroundColor]
        .map(luminance)
        .sort((a, b) => a - b);
      return ((pair[1] ?? 0) + 0.05) / ((pair[0] ?? 0) + 0.05);
    },
    [selector, property] as const,
  );
}
