import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { drawPicture, PICTURES, pictureFile } from "../../scripts/pictures.ts";
import { packageFile } from "../../src/package-file.ts";
import { difference, sizeOf } from "./png.ts";

test.each(PICTURES)("$file in the README is what the code draws today", async (picture) => {
  const committed = await readFile(pictureFile(picture.file));
  expect(sizeOf(committed)).toEqual({ width: 1000, height: picture.days > 16 ? 702 : 798 });
  expect(difference(committed, await drawPicture(picture)), "run draw-pictures").toBeLessThan(0.0005);
});

test("two pictures that differ in a line of words are told apart", async () => {
  const [picture] = PICTURES;
  if (!picture) throw new Error("There are no pictures.");
  const renamed = { ...picture.climate, place: { ...picture.climate.place, country: "Deutschland" } };
  const other = await drawPicture({ ...picture, climate: renamed });
  expect(difference(await drawPicture(picture), other)).toBeGreaterThan(0.0005);
});

test("the README shows every committed picture", async () => {
  const readme = await readFile(packageFile("README.md"), "utf8");
  const files = [...PICTURES.map(({ file }) => file), "view-light.png", "view-dark.png"];
  for (const file of files) {
    expect(readme).toContain(`pictures/${file}`);
    expect((await readFile(pictureFile(file))).byteLength).toBeLessThan(400_000);
  }
});
