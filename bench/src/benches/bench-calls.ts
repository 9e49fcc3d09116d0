import { compareCalls, HOW_CALLED } from "../client/calls.ts";
import { openHttp } from "../client/http.ts";
import { ERAS, requestOf } from "../client/protocol.ts";
import { openStdio } from "../client/stdio.ts";
import { atMost, plain } from "../report/figures.ts";
import type { Figure, Section } from "../report/report.ts";
import { bundle } from "../subjects/bundle.ts";

const TOOLS = [
  { kind: "structured tool", name: "add_numbers", arguments: { a: 2, b: 40 } },
  { kind: "text tool", name: "echo_text", arguments: { text: "The quick brown fox jumps over the lazy dog." } },
];
const TRANSPORTS = [
  { transport: "stdio", open: openStdio, tools: TOOLS },
  // HTTP adds the same to every tool.
  { transport: "HTTP", open: openHttp, tools: TOOLS.slice(0, 1) },
];

/** What the kit adds to the cost of a call. */
export async function benchCalls(): Promise<Section> {
  const [kit, sdk] = [await bundle("kit"), await bundle("sdk")];
  const figures: Figure[] = [];
  for (const { transport, open, tools } of TRANSPORTS) {
    for (const era of ERAS) {
      const sessions = await Promise.all([open([sdk], era), open([kit], era)]);
      try {
        for (const { kind, ...call } of tools) {
          const request = requestOf(era, "tools/call", call);
          const [reference, subject] = [
            { session: sessions[0], request },
            { session: sessions[1], request },
          ];
          const what = `${transport}, ${era}, ${kind}`;
          const costs = await compareCalls(reference, subject, what);
          figures.push(plain(`${what}: SDK`, costs.reference, "µs"));
          figures.push(plain(`${what}: kit`, costs.subject, "µs"));
          figures.push(atMost(`${what}: kit against SDK`, costs.ratio, 1.25, "times"));
        }
      } finally {
        for (const session of sessions) await session.close();
      }
    }
  }
  return {
    title: "Calls",
    how: `The server's CPU per call, with the kit and with the bare SDK: the same two tools, bundled in the same way, each at its default log level; ${HOW_CALLED}.`,
    figures,
  };
}
