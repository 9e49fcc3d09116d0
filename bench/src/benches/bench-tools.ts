import { INITIALIZE, requestOf } from "../client/protocol.ts";
import { compareStarts } from "../client/start.ts";
import { atMost, plain } from "../report/figures.ts";
import type { Section } from "../report/report.ts";
import { bundle } from "../subjects/bundle.ts";
import { FLOOR } from "../subjects/subjects.ts";

/** What tools add to the start: their schemas are created and converted before a host can see them. */
export async function benchTools(): Promise<Section> {
  const requests = [INITIALIZE, requestOf("2025-11-25", "tools/list")];
  const { over, rounds } = await compareStarts(
    { command: FLOOR, requests },
    {
      one: { command: [await bundle("one-tool")], requests },
      fifteen: { command: [await bundle("fifteen-tools")], requests },
    },
  );
  return {
    title: "Tools",
    how: `From the start of the process to the answer to tools/list, after initialize; one tool and fifteen with four to six arguments each, on the kit. Two starts of each in a round, ${rounds} rounds.`,
    figures: [
      plain(
        "floor",
        over((time) => time("floor")),
        "ms",
      ),
      plain(
        "1 tool",
        over((time) => time("one")),
        "ms",
      ),
      plain(
        "15 tools",
        over((time) => time("fifteen")),
        "ms",
      ),
      atMost(
        "what 14 more tools add",
        over((time) => time("fifteen") - time("one")),
        10,
        "ms",
        1,
      ),
    ],
  };
}
