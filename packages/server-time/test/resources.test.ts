import { expect, test } from "vitest";
import { useServer } from "./use-server.ts";

const server = useServer();
const read = async (uri: string) => {
  const { contents } = await server.client().readResource({ uri });
  const [content] = contents;
  return content && "text" in content ? content.text : undefined;
};
const complete = async (value: string) => {
  const { completion } = await server.client().complete({
    ref: { type: "ref/resource", uri: "time://zones/{+zone}" },
    argument: { name: "zone", value },
  });
  return completion.values;
};

test("all zones fit into one reading", async () => {
  const text = (await read("time://zones")) ?? "";
  expect(text.length).toBeLessThan(40_000);
  expect(text).toContain("\nEurope/Berlin +01:00 CET\n");
  expect(text).toContain("\nAsia/Kathmandu +05:45 +0545\n");
  expect(text).not.toContain("Asia/Calcutta");
});

test("a zone's resource equals the answer of get_timezone", async () => {
  const { value } = await server.ok("get_timezone", { timezone: "Asia/Calcutta" });
  expect(JSON.parse((await read("time://zones/Asia/Calcutta")) ?? "")).toEqual(value);
  expect(JSON.parse((await read("time://zones/asia%2Fcalcutta")) ?? "")).toEqual(value);
});

test.each(["time://zones/Europe/Berln", "time://zones/__proto__", "time://zones/..%2F..%2Fetc%2Fpasswd"])(
  "%s is not there",
  async (uri) => {
    await expect(read(uri)).rejects.toMatchObject({ code: -32602 });
  },
);

test("names complete in any case, a hundred at most", async () => {
  expect(await complete("europe/be")).toEqual(["Europe/Belfast", "Europe/Belgrade", "Europe/Berlin"]);
  expect(await complete("A")).toHaveLength(100);
  expect(await complete("x".repeat(10_000))).toEqual([]);
});
