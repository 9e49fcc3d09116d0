import { expect, test } from "vitest";
import { spreadOf, steady } from "../src/report/stats.ts";

test("the median and the quartiles lie between the figures, whatever their order", () => {
  expect(spreadOf([9, 1, 5])).toEqual({ median: 5, low: 3, high: 7 });
  expect(spreadOf([10, 2])).toEqual({ median: 6, low: 4, high: 8 });
  expect(spreadOf([7])).toEqual({ median: 7, low: 7, high: 7 });
});

test("no figures have no median", () => {
  expect(() => spreadOf([])).toThrow(RangeError);
});

test("two runs that agree count as one, and two that differ do not count", () => {
  expect(steady(100, 104, 1.08)).toBe(102);
  expect(steady(104, 100, 1.08)).toBe(102);
  expect(steady(100, 110, 1.08)).toBeUndefined();
});
