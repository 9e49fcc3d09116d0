import { callMany } from "../client/calls.ts";
import { type Request, requestOf } from "../client/protocol.ts";
import type { Command } from "../client/session.ts";
import { openStdio } from "../client/stdio.ts";
import { progress } from "../report/progress.ts";
import type { Figure, Section } from "../report/report.ts";
import { bundle } from "../subjects/bundle.ts";
import { FLOOR, OFFICIAL, OURS } from "../subjects/subjects.ts";

const call = (name: string, args: object = {}) => requestOf("2025-11-25", "tools/call", { name, arguments: args });
const ECHO = { text: "The quick brown fox jumps over the lazy dog." };
const CONVERSION = {
  time: "2026-11-20T09:30",
  source_timezone: "Europe/Berlin",
  target_timezone: "Asia/Kathmandu",
};

const CALLS = 20_000;

/** The memory that a server keeps, idle and after work. */
export async function benchMemory(): Promise<Section> {
  const subjects: readonly { name: string; command: Command; request: Request }[] = [
    { name: "floor", command: FLOOR, request: call("echo", ECHO) },
    { name: "bare SDK", command: [await bundle("sdk")], request: call("echo_text", ECHO) },
    { name: "kit, the same tools", command: [await bundle("kit")], request: call("echo_text", ECHO) },
    { name: "server-time", command: OURS, request: call("convert_time", CONVERSION) },
    { name: "official file server", command: OFFICIAL, request: call("list_allowed_directories") },
  ];
  const opened = await Promise.all(
    subjects.map(async ({ name, command, request }) => {
      const session = await openStdio(command, "2025-11-25");
      return { name, session, request, idle: (await session.usage()).rss };
    }),
  );
  for (const subject of opened) {
    progress(`calls of ${subject.name}`);
    await callMany(subject, CALLS);
  }
  const figures: Figure[] = [];
  for (const { name, session, idle } of opened) {
    const { rss } = await session.usage();
    figures.push({ what: name, measured: `${megabytes(idle)} after initialize, ${megabytes(rss)} after the calls` });
    await session.close();
  }
  return {
    title: "Memory",
    how: `Resident set of the process over stdio, idle and after ${CALLS.toLocaleString("en")} calls, 32 in flight.`,
    figures,
  };
}

const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MB`;
