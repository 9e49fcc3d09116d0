import { describe, expect, test } from "vitest";
import { packZone, verifyZone } from "../../scripts/pack.ts";
import type { Tzif } from "../../scripts/tzif.ts";
import data from "../../src/data/zones.json" with { type: "json" };
import { unpackZone } from "../../src/zone/packed.ts";

const zones = Object.entries(data.zones);

/** The committed zone as a compiler would write it: a table up to `end`, then the rule. */
function compiled(name: string, packed: string, end: number): Tzif {
  const [first, ...rest] = unpackZone(name, packed).segments;
  if (!first) throw new Error(`${name} is empty`);
  const rule = packed.split("|")[1] ?? "";
  return { first, transitions: rest.filter(({ start }) => start < end), rule };
}
const year = (number: number) => Date.UTC(number, 0, 1) / 1000;

test("a zone packed from a longer table is the same", () => {
  for (const [name, packed] of zones) expect(packZone(compiled(name, packed, year(2095)))).toBe(packed);
});

describe("verification", () => {
  const [name, packed = ""] = zones.find(([zone]) => zone === "America/New_York") ?? [];
  const table = compiled(name ?? "", packed, year(2038));

  test("accepts a packed zone, and returns how many instants it compared", () => {
    expect(verifyZone("America/New_York", packed, table)).toBeGreaterThan(400);
  });

  test.each([
    ["a second", { start: 1 }],
    ["an offset", { offset: 1 }],
    ["a name", { abbreviation: "XXX" }],
  ])("finds %s that differs in one change", (_, difference) => {
    for (const index of [0, 100, table.transitions.length - 1]) {
      const transitions = table.transitions.map((change, at) => {
        if (at !== index) return change;
        return { ...change, ...difference, start: change.start + ("start" in difference ? difference.start : 0) };
      });
      expect(() => verifyZone("America/New_York", packed, { ...table, transitions })).toThrow(/New_York at .*packed/);
    }
  });

  test("finds another rule", () => {
    const rule = "EST5EDT,M3.2.0,M11.2.0";
    expect(() => verifyZone("America/New_York", packed, { ...table, rule })).toThrow(/New_York at 2038/);
  });
});
