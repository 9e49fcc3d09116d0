import { atMost, plain } from "./figures.ts";
import { DISCOVER, INITIALIZE } from "./protocol.ts";
import type { Section } from "./report.ts";
import { compareStarts } from "./start.ts";
import { FLOOR, OFFICIAL, OURS } from "./subjects.ts";

/** How long a host waits for a server that it starts. */
export async function benchStart(): Promise<Section> {
  const { over, rounds } = await compareStarts(
    { command: FLOOR, requests: [INITIALIZE] },
    {
      ours: { command: OURS, requests: [INITIALIZE] },
      "ours 2026": { command: OURS, requests: [DISCOVER] },
      official: { command: OFFICIAL, requests: [INITIALIZE] },
    },
  );
  return {
    title: "Start",
    how: `From the start of the process to the first answer; two starts of each in a round, ${rounds} rounds.`,
    figures: [
      plain(
        "floor (Node and three methods), initialize",
        over((time) => time("floor")),
        "ms",
      ),
      plain(
        "server-time, initialize",
        over((time) => time("ours")),
        "ms",
      ),
      plain(
        "server-time, server/discover",
        over((time) => time("ours 2026")),
        "ms",
      ),
      plain(
        "official file server, initialize",
        over((time) => time("official")),
        "ms",
      ),
      atMost(
        "server-time against the floor",
        over((time) => time("ours") / time("floor")),
        2,
        "times",
      ),
      atMost(
        "the same, as far as we would like to get",
        over((time) => time("ours") / time("floor")),
        1.5,
        "times",
      ),
      atMost(
        "server-time (discover) against the floor",
        over((time) => time("ours 2026") / time("floor")),
        2,
        "times",
      ),
      atMost(
        "server-time against the official one",
        over((time) => time("ours") / time("official")),
        0.55,
        "times",
      ),
    ],
  };
}
