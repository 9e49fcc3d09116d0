import { existsSync, readdirSync } from "node:fs";
import { call, isHeavy, makeFolder, type Spawned, spawn, useCleanup } from "@org/server-kit/testing";
import { describe, expect, test } from "vitest";

const BIN = "dist/cli.js";
const { XDG_CACHE_HOME = "" } = process.env;
const NOTES = ["a.md", "b.md", "sub/c.md"];
const WRITERS = ["one", "two"];
const WRITES = isHeavy ? 20_000 : 120;
/** Writes of one process before the one that is interrupted by a kill. */
const LIFE = isHeavy ? 60 : 15;
/** Milliseconds after the start of that write; some kills come before it, some after. */
const LATEST_KILL = 20;

/** The answers that one writer received, over all its processes. */
interface Account {
  readonly done: string[];
  readonly unknown: string[];
}

describe.skipIf(!existsSync(BIN))("two servers that are killed in the middle of writes, again and again", () => {
  const cleanup = useCleanup();

  test("lose nothing that was answered, and leave nothing half-written", async () => {
    const folder = makeFolder(Object.fromEntries(NOTES.map((name) => [name, "---\nid: 007\n---\n"])));
    cleanup(folder.remove);
    const accounts = await Promise.all(WRITERS.map((name) => write(name, folder.path, WRITES / WRITERS.length)));
    const lines = NOTES.flatMap((name) => {
      const text = folder.read(name);
      expect(text.startsWith("---\nid: 007\n---\n")).toBe(true);
      return text
        .split("\n")
        .slice(3)
        .filter((line) => line !== "");
    });
    expect(new Set(lines).size).toBe(lines.length);
    const done = accounts.flatMap((account) => account.done);
    const unknown = new Set(accounts.flatMap((account) => account.unknown));
    expect(done.length).toBeGreaterThan(WRITES / 2);
    expect(done.filter((line) => !lines.includes(line))).toEqual([]);
    // An unanswered write is there completely, or not at all.
    const answered = new Set(done);
    expect(lines.filter((line) => !answered.has(line) && !unknown.has(line))).toEqual([]);
    const visible = readdirSync(folder.path).filter((name) => !name.startsWith("."));
    expect(visible.sort()).toEqual(["a.md", "b.md", "sub"]);
  });
});

describe.skipIf(!existsSync(BIN))("a server that is killed in the middle of a move", () => {
  const cleanup = useCleanup();

  test("leaves it so that the same call finishes it, and every link leads somewhere", async () => {
    const linking = Array.from({ length: 30 }, (_, at) => `link ${at}.md`);
    const folder = makeFolder({ "One.md": "target\n" });
    cleanup(folder.remove);
    for (const name of linking) folder.write(name, "[[One]] and [one](One.md)\n");
    let [from, to] = ["One.md", "sub/Two.md"];
    let kills = 0;
    for (let round = 0; round < (isHeavy ? 400 : 4); round++) {
      const first = await spawn(BIN, { args: [folder.path], env: { XDG_CACHE_HOME } });
      const moving = call(first.client, "move_note", { note: from, to }).catch(() => undefined);
      await killAfter(first, (round % 8) * 20);
      if ((await moving) === undefined) kills += 1;
      await first.close();
      await using second = await spawn(BIN, { args: [folder.path], env: { XDG_CACHE_HOME } });
      const again = await call(second.client, "move_note", { note: from, to });
      if (again.isError) expect(again.text).toMatch(/^not_found: /);
      const [stem, path] = [to.replace(/^.*\/|\.md$/g, ""), to];
      for (const name of linking) expect(folder.read(name)).toBe(`[[${stem}]] and [one](${path})\n`);
      expect(folder.read(to)).toBe("target\n");
      [from, to] = [to, from];
    }
    expect(kills).toBeGreaterThan(0);
  });
});

/** Appends lines one after the other, and kills the server in the middle of some. */
async function write(writer: string, dir: string, count: number): Promise<Account> {
  const account: Account = { done: [], unknown: [] };
  let server: Spawned | undefined;
  for (let at = 0; at < count; at++) {
    server ??= await spawn(BIN, { args: [dir], env: { XDG_CACHE_HOME } });
    const line = `- ${writer} ${at} ${"x".repeat(at % 50)}.`;
    const args = { note: NOTES[at % NOTES.length], operation: "append", content: line };
    const isLast = at % LIFE === LIFE - 1;
    const killed = isLast ? killAfter(server, Math.random() * LATEST_KILL) : undefined;
    const answer = await call(server.client, "edit_note", args).catch(() => undefined);
    if (answer) expect(answer.isError, answer.text).toBe(false);
    (answer ? account.done : account.unknown).push(line);
    if (!killed) continue;
    await killed;
    await server.close();
    server = undefined;
  }
  await server?.close();
  return account;
}

function killAfter({ pid }: Spawned, ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(() => {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It has ended with the test.
      }
      resolve();
    }, ms).unref();
  });
}
