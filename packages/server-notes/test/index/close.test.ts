import { expect, test } from "vitest";
import { indexOf } from "./vault.ts";

test("closing while changes are brought in says nothing to the log", async () => {
  for (let round = 0; round < (process.env.HEAVY ? 50 : 4); round += 1) {
    const names = Array.from({ length: 300 }, (_, at) => `n${at}.md`);
    const { index, log } = await indexOf(Object.fromEntries(names.map((name) => [name, "some words ".repeat(200)])));
    await index.call("list", { sort: "title", limit: 1 });
    const refreshing = names.map((name) => index.refresh([name]));
    await Promise.race(round % 2 === 0 ? refreshing : [Promise.resolve()]);
    await index.close();
    await Promise.all(refreshing);
    expect(log.lines.filter((line) => /^(?:warn|error)/.test(line))).toEqual([]);
  }
});
