import { expect, test } from "vitest";
import { createLog, type LogFormat, type LogLevel } from "../src/log.ts";

function collect(level: LogLevel, format: LogFormat, unread = 0) {
  const written: string[] = [];
  const drains: (() => void)[] = [];
  const sink = {
    writableLength: unread,
    write: (text: string) => written.push(text) > 0,
    once: (_: "drain", listener: () => void) => drains.push(listener),
    drain() {
      sink.writableLength = 0;
      for (const listener of drains.splice(0)) listener();
    },
  };
  return { log: createLog(level, format, () => sink), sink, text: () => written.join("") };
}

test("levels below the threshold cost nothing and write nothing", () => {
  const { log, text } = collect("warning", "text");
  log.debug("a");
  log.info("b");
  log.warn("c");
  log.error("d");
  log.flush();
  expect(
    text()
      .split("\n")
      .map((line) => line.split(" ").slice(1).join(" ")),
  ).toEqual(["warning c", "error d", ""]);
  expect([log.enabled("info"), log.enabled("warning")]).toEqual([false, true]);
  const silent = collect("silent", "text");
  silent.log.error("e");
  silent.log.flush();
  expect(silent.text()).toBe("");
});

test("a value cannot forge a line, and nothing that JSON cannot hold breaks one", () => {
  const { log, text } = collect("info", "text");
  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  log.info("call", { tool: "read_note", evil: "x\n2026-01-01 error forged", cycle, big: 1n, none: undefined });
  log.flush();
  expect(text().trimEnd().split("\n")).toHaveLength(1);
  expect(text()).toContain('tool=read_note evil="x\\n2026-01-01 error forged" cycle="[object Object]" big="1"\n');
});

test("JSON lines parse, one object each", () => {
  const { log, text } = collect("info", "json");
  log.info("a", { n: 1 });
  log.warn("b");
  log.flush();
  const lines = text()
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([
    { level: "info", event: "a", n: 1 },
    { level: "warning", event: "b" },
  ]);
});

test("lines of one turn are one write, by themselves", async () => {
  const writes: string[] = [];
  const log = createLog("info", "text", () => ({
    writableLength: 0,
    once: () => undefined,
    write: (text: string) => writes.push(text) > 0,
  }));
  log.info("a");
  log.info("b");
  expect(writes).toHaveLength(0);
  await new Promise((resolve) => setImmediate(resolve));
  expect(writes).toHaveLength(1);
});

test("what nobody reads is held, then dropped and counted, and written when somebody reads again", () => {
  const { log, sink, text } = collect("info", "text", 10 << 20);
  for (let at = 0; at < 20_000; at += 1) log.info("line", { at });
  log.flush();
  expect(text()).toBe("");
  sink.drain();
  expect(text()).toMatch(/^\S+ info line at=0\n/);
  expect(text()).toMatch(/ warning "?lines dropped, nobody read stderr"? count=\d+\n$/);
  expect(text().length).toBeLessThan(400_000);
  log.info("again");
  log.flush();
  expect(text()).toMatch(/ info again\n$/);
});

test("nothing in a line can command a terminal", () => {
  const { log, text } = collect("info", "json");
  log.info("call", { evil: "\u009b31m\u202e\u2028\u001b[0m" });
  log.flush();
  expect(text()).toContain("\\u{9b}31m\\u{202e}\\u{2028}\\u001b[0m");
});
