import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const linesOf = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(`${folder}/${name}`, "utf8").split("\n").length - 1);
const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

test("the kit can be read in one sitting, and its HTTP side in another", () => {
  const [kit, http] = [linesOf("src"), linesOf("src/http")];
  expect(kit.length).toBeLessThanOrEqual(18);
  expect(sum(kit)).toBeLessThanOrEqual(2200);
  expect(http.length).toBeLessThanOrEqual(4);
  expect(sum(http)).toBeLessThanOrEqual(460);
  expect(Math.max(...kit, ...http)).toBeLessThanOrEqual(220);
});
