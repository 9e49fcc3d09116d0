import { describe, expect, test } from "vitest";
import { readListed } from "../lib/listed.ts";
import { scoreServer } from "../quality/rubric.ts";

const servers = await readListed();
const READ = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false };
const schema = (properties: object) => ({ type: "object", properties, additionalProperties: false });
const good = {
  name: "get_forecast",
  title: "Get a weather forecast",
  description:
    "Returns the forecast of a place for up to 16 days, hour by hour. Use get_climate for averages over years.",
  annotations: READ,
  inputSchema: schema({ place: { type: "string", description: "City, such as Berlin, or 52.52,13.41." } }),
};
const other = {
  ...good,
  name: "get_climate",
  description: good.description.replace("get_climate", "get_forecast").replace("forecast of", "averages of"),
};
const score = (changes: object) => scoreServer({ tools: [{ ...good, ...changes }, other] }).tools[0];

describe.each(servers.map((server) => [server.command, server] as const))("%s", (_, { described }) => {
  // An A needs 3.5. Human readers are stricter, so there must be some margin.
  test("gets an A from the rubric's mechanical parts, including its worst tool", () => {
    const { tools, total } = scoreServer(described);
    expect(total).toBeGreaterThanOrEqual(4.2);
    for (const one of tools) {
      expect(one.total, one.tool).toBeGreaterThanOrEqual(3.5);
      // Most servers fail these.
      expect(Math.min(one.usage, one.behaviour), `${one.tool}: ${JSON.stringify(one)}`).toBeGreaterThanOrEqual(3);
    }
  });

  test("follows the directories' checklists", () => {
    for (const { name, title, description, annotations } of described.tools) {
      expect(name.length).toBeLessThanOrEqual(64);
      expect(title.trim()).not.toBe("");
      // Anthropic's directory requires one of two hints, OpenAI's all three.
      for (const hint of Object.values(annotations)) expect(hint).toBeTypeOf("boolean");
      // Nothing hidden, no advertising.
      expect(description).not.toMatch(
        /[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]|https?:|\b(?:the best|amazing|must always|ignore (?:all|any|previous))\b/i,
      );
    }
  });
});

describe("the rubric", () => {
  test("gives a good definition a high score", () => {
    expect(score({})?.total).toBeGreaterThan(4.5);
  });

  test.each([
    ["no description", { description: "" }, 1],
    ["its name as description", { description: "Get forecast" }, 3.1],
    ["no word on when to use it", { description: "Returns forecasts." }, 4.5],
    ["parameters that nobody described", { inputSchema: schema({ place: { type: "string" } }) }, 4.6],
  ])("%s costs", (_, changes, most) => {
    expect(score(changes)?.total).toBeLessThanOrEqual(most);
    expect(score(changes)?.total).toBeLessThan(score({})?.total ?? 0);
  });

  test("hints that contradict the description score worst", () => {
    expect(score({ description: `Deletes a forecast. ${good.description}` })?.behaviour).toBe(1);
    expect(score({ annotations: { ...READ, destructiveHint: true } })?.behaviour).toBe(1);
  });

  test("one bad tool lowers the whole server's score", () => {
    const bad = { ...good, name: "do_it", description: "", inputSchema: schema({ x: { type: "string" } }) };
    expect(scoreServer({ tools: [good, other, bad] }).total).toBeLessThan(
      scoreServer({ tools: [good, other] }).total - 0.5,
    );
  });
});
