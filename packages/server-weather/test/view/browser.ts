import { existsSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { chromium, type Frame, type Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import type { Scene } from "./host.ts";

const PLACES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** The Chromium of this machine; undefined where there is none. `CHROMIUM` names another one. */
export const CHROMIUM = [process.env.CHROMIUM, ...PLACES.map((name) => `/usr/bin/${name}`)].find(
  (file) => file !== undefined && existsSync(file),
);

/** What hosts allow a page that asks for no domains. */
const POLICY =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; connect-src 'none'; base-uri 'none'";

export interface Stage {
  readonly page: Page;
  readonly frame: Frame;
  /** What the page asked the network for, and what it or its policy complained of. */
  readonly requests: readonly string[];
  readonly complaints: readonly string[];
  /** The tools that it called. */
  readonly calls: readonly { readonly name: string; readonly args: Record<string, unknown> | undefined }[];
}

type Call = (name: string, args: Record<string, unknown> | undefined) => Promise<unknown>;

/** Starts Chromium, with so many pixels for one of CSS; `show` opens the test host with a scene, and waits until the page has drawn it. */
export async function openBrowser(deviceScaleFactor = 1) {
  const bundled = await build({
    ...{ entryPoints: [path.join(import.meta.dirname, "host.ts")], bundle: true, write: false },
    ...{ format: "iife", platform: "browser", target: "es2022", logLevel: "silent" },
  });
  const host = bundled.outputFiles[0]?.text ?? "";
  const browser = await chromium.launch({
    ...(CHROMIUM !== undefined && { executablePath: CHROMIUM }),
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });

  async function show(scene: Scene, callTool: Call = async () => ({ content: [] })): Promise<Stage> {
    const page = await browser.newPage({ viewport: { width: scene.width, height: 500 }, deviceScaleFactor });
    const requests: string[] = [];
    const complaints: string[] = [];
    const calls: { name: string; args: Record<string, unknown> | undefined }[] = [];
    await page.exposeFunction("callTool", (name: string, args: Record<string, unknown> | undefined) => {
      calls.push({ name, args });
      return callTool(name, args);
    });
    await page.setContent("<!doctype html><title>host</title><body></body>");
    await page.addScriptTag({ content: host });
    page.on("request", (request) => requests.push(request.url()));
    page.on("pageerror", ({ message }) => complaints.push(message));
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    const html = scene.html.replace("<head>", `<head><meta http-equiv="Content-Security-Policy" content="${POLICY}">`);
    await page.evaluate((given) => window.show(given), { ...scene, html });
    const frame = page.frames()[1];
    if (!frame) throw new Error("The host shows no frame.");
    await frame.waitForSelector("#forecast:not([hidden]) svg, #status:not([hidden]):not(:has-text('Waiting'))");
    return { page, frame, requests, complaints, calls };
  }

  return { show, close: () => browser.close() };
}

/** One Chromium for a file of tests. */
export function useBrowser(): Pick<Awaited<ReturnType<typeof openBrowser>>, "show"> {
  let opened: Awaited<ReturnType<typeof openBrowser>>;
  beforeAll(async () => {
    opened = await openBrowser();
  }, 60_000);
  afterAll(() => opened?.close());
  return { show: (...args) => opened.show(...args) };
}
