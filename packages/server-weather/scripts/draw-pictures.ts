/**
 * Draws the pictures of the README again. Where there is Chromium, also those of the view, as hosts show it in light and
 * dark; the build has to be there for them.
 */
import { readFile, writeFile } from "node:fs/promises";
import { packageFile } from "../src/package-file.ts";
import { sampleForecast } from "../test/chart/samples.ts";
import { answerOf, hoursFrom } from "../test/view/answers.ts";
import { CHROMIUM, openBrowser } from "../test/view/browser.ts";
import { drawPicture, PICTURES, pictureFile } from "./pictures.ts";

for (const picture of PICTURES) await writeFile(pictureFile(picture.file), await drawPicture(picture));
if (CHROMIUM !== undefined) await photographView();

async function photographView(): Promise<void> {
  const [picture] = PICTURES;
  if (!picture) return;
  const { climate, first, days } = picture;
  const forecast = sampleForecast(climate, first, days);
  const html = await readFile(packageFile("dist/forecast.html"), "utf8");
  const scene = { html, width: 720, args: {}, result: answerOf(forecast, "daily"), mayCall: true };
  const { show, close } = await openBrowser(2);
  for (const theme of ["light", "dark"] as const) {
    const { page, frame } = await show({ ...scene, theme }, hoursFrom(forecast));
    await frame.locator("#days input").nth(4).check({ force: true });
    await frame.waitForFunction(() => document.querySelector("#moment")?.textContent?.includes("00:00"));
    await frame.locator("#chart").focus();
    for (let hour = 0; hour < 14; hour += 1) await page.keyboard.press("ArrowRight");
    await frame.locator("#chart").blur();
    await page.locator("iframe").screenshot({ path: pictureFile(`view-${theme}.png`) });
  }
  await close();
}
