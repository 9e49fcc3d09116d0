import { describe, expect, test } from "vitest";
import { useWeather } from "../upstream/use-upstream.ts";
import { CHROMIUM, useBrowser } from "./browser.ts";

const { at, client } = useWeather();
const FORECAST = { name: "get_forecast", arguments: { location: "Tromsø", days: 5, units: "metric" } };

/** What a host with MCP Apps does: it finds the page that a tool names. */
async function viewOf(tool: string) {
  const { tools } = await (await client()).listTools();
  const ui: unknown = tools.find(({ name }) => name === tool)?._meta?.ui;
  const uri = ui && typeof ui === "object" && "resourceUri" in ui ? String(ui.resourceUri) : "";
  const { contents } = await (await client()).readResource({ uri });
  const [page] = contents;
  return { uri, mimeType: page?.mimeType, html: page && "text" in page ? page.text : "" };
}

test("get_forecast names its view, which is listed with what it may load: nothing", async () => {
  const { uri, mimeType, html } = await viewOf("get_forecast");
  expect(uri).toBe("ui://weather/forecast.html");
  expect(mimeType).toBe("text/html;profile=mcp-app");
  expect(html).toMatch(/^<!doctype html>/i);
  const { resources } = await (await client()).listResources();
  const listed = resources.find((resource) => resource.uri === uri);
  expect(listed?._meta).toEqual({ ui: { csp: {}, prefersBorder: true } });
});

test("hosts without views get the same facts as text and as a structured answer", async () => {
  at("2026-11-28T09:00:00Z");
  const { content, structuredContent } = await (await client()).callTool(FORECAST);
  expect(content).toMatchObject([{ type: "text", text: expect.stringContaining("Tromsø") }]);
  expect(structuredContent).toMatchObject({ place: { name: "Tromsø" }, granularity: "daily" });
});

describe.skipIf(CHROMIUM === undefined)("in Chromium", () => {
  const { show } = useBrowser();

  test("the server's own answer is shown, and a chosen day's hours come from the server as well", async () => {
    at("2026-11-28T09:00:00Z");
    const one = await client();
    const { html } = await viewOf("get_forecast");
    const result = await one.callTool(FORECAST);
    const scene = { html, theme: "light", width: 700, args: FORECAST.arguments, result, mayCall: true } as const;
    const stage = await show(scene, (name, args) => one.callTool({ name, arguments: args }));
    expect(await stage.frame.locator("#place").textContent()).toBe("Tromsø");
    expect(await stage.frame.locator("#days label").count()).toBe(6);
    await stage.frame.locator('input[value="2026-11-30"]').check({ force: true });
    await stage.frame.waitForFunction(() => document.querySelector("#moment")?.textContent === "Mon 30 Nov, 00:00");
    // It is polar night there: all of the day is shaded.
    const night = await stage.frame.locator("#chart path[fill='var(--night)']").boundingBox();
    expect(night?.width).toBeGreaterThan(600);
    expect(await stage.frame.getByRole("slider").getAttribute("aria-valuemax")).toBe("23");
    expect(stage.complaints).toEqual([]);
    expect(stage.requests).toEqual([]);
  });

  test("namesakes, how sure each day is, and whose data it is are shown as well", async () => {
    at("2026-11-28T09:00:00Z");
    const one = await client();
    const args = { location: "Paris", days: 3, uncertainty: true };
    const result = await one.callTool({ name: "get_forecast", arguments: args });
    const { html } = await viewOf("get_forecast");
    const { frame } = await show({ html, theme: "light", width: 700, args, result, mayCall: false });
    expect(await frame.locator("#asides").textContent()).toMatch(/Also of this name: .*Paris, Texas.*Open-Meteo/s);
    await frame.getByText("All figures as a table").click();
    expect(await frame.getByRole("columnheader", { name: "How sure" }).count()).toBe(1);
    expect(
      await frame.getByRole("cell", { name: /^(?:the runs agree|fairly sure|uncertain|very uncertain)$/ }).count(),
    ).toBe(3);
    expect(await frame.getByRole("cell", { name: /^−?[\d.]+ to −?[\d.]+ °C$/ }).count()).toBe(3);
  });
});
