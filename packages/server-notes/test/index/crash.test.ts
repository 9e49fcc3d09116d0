import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { start } from "./processes.ts";
import { found, makeFolder, openTestIndex, writeNotes } from "./vault.ts";

const COUNT = 400;
const notes = (word: string) =>
  Object.fromEntries(
    Array.from({ length: COUNT }, (_, at) => [
      `n${at}.md`,
      `# Note ${at}\n\n${word} [[n${(at + 1) % COUNT}]] #tag${at % 7}\n${"filler ".repeat(200)}`,
    ]),
  );

test("kill -9 at any moment of building leaves a correct index that blocks nobody", async () => {
  const root = await makeFolder();
  const directory = path.join(await makeFolder(), "cache");
  await writeNotes(root, notes("apple"));
  for (let round = 0; round < (process.env.HEAVY ? 100 : 4); round += 1) {
    const word = `word${round}`;
    // Each round has to redo everything, on top of what the last one left.
    await writeNotes(root, notes(word));
    const builder = start("index", [root, directory]);
    await Promise.race([builder.nextLine(), delay(250 + round * 37)]);
    await builder.kill();

    const { index, log } = openTestIndex(root, directory);
    const { total, complete } = await index.call("search", { query: word, limit: 1 });
    expect({ total, complete }).toEqual({ total: COUNT, complete: true });
    const { backlinks } = await index.call("links", "n1.md");
    expect(backlinks.map(({ path: from }) => from)).toEqual(["n0.md"]);
    expect((await index.call("tags", undefined)).tags.reduce((sum, { count }) => sum + count, 0)).toBe(COUNT);
    expect(log.lines.filter((line) => line.startsWith("warn") || line.startsWith("error"))).toEqual([]);
    await index.close();
  }
});

test("servers that build one index side by side, and come and go, all answer right", async () => {
  const root = await makeFolder();
  const directory = path.join(await makeFolder(), "cache");
  await writeNotes(root, notes("apple"));
  const others = Array.from({ length: 3 }, () => start("index", [root, directory]));
  const { index, log } = openTestIndex(root, directory);
  expect((await index.call("search", { query: "apple", limit: 1 })).total).toBe(COUNT);
  await others[0]?.kill();
  await Promise.all(others.slice(1).map((other) => other.nextLine()));
  for (let at = 0; at < 10; at += 1) {
    await writeNotes(root, { [`n${at}.md`]: `pear${at}` });
    expect(await found(index, `pear${at}`)).toEqual([`n${at}.md`]);
  }
  await Promise.all(others.map((other) => other.kill()));
  expect((await index.call("search", { query: "apple", limit: 1 })).total).toBe(COUNT - 10);
  expect((await readdir(directory)).filter((name) => name.endsWith(".db"))).toEqual(["index-v2-0.db"]);
  expect(log.lines.filter((line) => line.startsWith("warn") || line.startsWith("error"))).toEqual([]);
});

test("a server that was stopped in the middle holds up no search", async () => {
  const root = await makeFolder();
  const directory = path.join(await makeFolder(), "cache");
  await writeNotes(root, notes("apple"));
  const { index } = openTestIndex(root, directory);
  await index.ready;
  const other = start("index", [root, directory]);
  await other.nextLine();
  await writeNotes(root, notes("pear"));
  other.process.kill("SIGSTOP");
  // It answers while the other is still stopped.
  expect(typeof (await index.call("search", { query: "apple", limit: 1 })).complete).toBe("boolean");
  await other.kill();
  await expect
    .poll(async () => (await index.call("search", { query: "pear", limit: 1 })).total, { timeout: 60_000 })
    .toBe(COUNT);
});

test("the notes folder that goes away takes no process with it", async () => {
  const root = path.join(await makeFolder(), "notes");
  const directory = path.join(await makeFolder(), "cache");
  await writeNotes(root, { "a.md": "apple" });
  const { index } = openTestIndex(root, directory);
  expect(await found(index, "apple")).toEqual(["a.md"]);
  await rm(root, { recursive: true });
  await index.call("search", { query: "apple", limit: 1 });
  await index.refresh(["a.md"]);
});
