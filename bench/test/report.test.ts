import { expect, test } from "vitest";
import { atMost, plain } from "../src/report/figures.ts";
import { toMarkdown, toText } from "../src/report/report.ts";

const section = {
  title: "Start",
  how: "Measured.",
  figures: [
    plain("floor", { median: 60.04, low: 59, high: 61 }, "ms"),
    atMost("ours", { median: 1.8, low: 1.7, high: 2.1 }, 2, "times"),
    atMost("theirs", { median: 2.2, low: 1.9, high: 2.3 }, 2, "times"),
  ],
};

test("a figure's median decides whether it meets its target", () => {
  expect(toText(section).split("\n").slice(2)).toEqual([
    "What    Measured                   Target     Holds",
    "floor   60.0 (59.0 to 61.0) ms",
    "ours    1.80 (1.70 to 2.10) times  at most 2  yes",
    "theirs  2.20 (1.90 to 2.30) times  at most 2  NO",
  ]);
});

test("written results name the day and the Node version", () => {
  const text = toMarkdown([section], new Date("2026-11-20T12:00:00Z"));
  expect(text).toContain(`2026-11-20, Node ${process.versions.node}`);
  expect(text).toContain("| ours | 1.80 (1.70 to 2.10) times | at most 2 | yes |");
});
