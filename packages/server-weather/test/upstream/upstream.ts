/**
 * The internet of the tests: one local HTTP server that answers in the shapes of the real sources, key by key. Whatever they
 * would not be asked for is written down as unexpected. Faults are ordered by path; answers can be edited before they leave.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { search } from "./geocoding.ts";
import { locationForecast } from "./met-norway.ts";
import { feed } from "./meteoalarm.ts";
import { nws } from "./nws.ts";
import { airQuality, archive, ensemble, forecast, marine } from "./open-meteo.ts";

/** What a source answers. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly type?: string;
  readonly json?: unknown;
  /** In place of `json`. */
  readonly body?: string | Buffer;
}

/** What goes wrong: an answer instead of the right one, silence, an answer without end, or a connection that breaks. */
export type Fault = Answer | "silence" | "trickle" | "broken" | "cut off";

export interface Asked {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
}

type Edit = (json: unknown, asked: Asked) => unknown;

export type Upstream = Awaited<ReturnType<typeof startUpstream>>;

export async function startUpstream(port = 0) {
  const asked: Asked[] = [];
  const unexpected: string[] = [];
  const faults: { path: RegExp; fault: Fault; left: number }[] = [];
  const edits: { path: RegExp; edit: Edit }[] = [];
  let [running, most] = [0, 0];

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://upstream");
    const question: Asked = { path: url.pathname, query: url.searchParams, headers: request.headers };
    asked.push(question);
    running++;
    most = Math.max(most, running);
    response.once("close", () => running--);
    const fault = faults.find(({ path, left }) => left > 0 && path.test(url.pathname));
    if (fault) {
      fault.left--;
      return fail(response, fault.fault);
    }
    try {
      const answer = route(question);
      const edited = edits.filter(({ path }) => path.test(url.pathname));
      const json = edited.reduce((value, { edit }) => edit(value, question), answer.json);
      send(response, answer.json === undefined ? answer : { ...answer, json });
    } catch (error) {
      unexpected.push(`${request.url}: ${error instanceof Error ? error.message : error}`);
      send(response, { status: 500, json: { error: true, reason: "Something went wrong." } });
    }
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;

  return {
    url,
    /** Points every source of the server here. */
    env: Object.fromEntries(SOURCES.map((name) => [name, url])),
    /** All that was asked, in order. */
    asked,
    unexpected,
    /** How many requests ran at once at the most. */
    mostAtOnce: () => most,
    /** The questions for a path, in order. */
    askedFor: (path: RegExp) => asked.filter((one) => path.test(one.path)),
    fault: (path: RegExp, fault: Fault, times = Number.POSITIVE_INFINITY) => faults.push({ path, fault, left: times }),
    edit: (path: RegExp, edit: Edit) => edits.push({ path, edit }),
    /** Forgets faults, edits and what was asked. */
    reset() {
      for (const list of [asked, unexpected, faults, edits]) list.length = 0;
      most = 0;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

const SOURCES = [
  "OPEN_METEO_URL",
  "OPEN_METEO_GEOCODING_URL",
  "OPEN_METEO_ARCHIVE_URL",
  "OPEN_METEO_AIR_QUALITY_URL",
  "OPEN_METEO_MARINE_URL",
  "OPEN_METEO_ENSEMBLE_URL",
  "NWS_URL",
  "MET_NORWAY_URL",
  "METEOALARM_URL",
];

function route(asked: Asked): Answer {
  const { path } = asked;
  if (path === "/v1/forecast") return forecast(asked);
  if (path === "/v1/archive") return archive(asked);
  if (path === "/v1/air-quality") return airQuality(asked);
  if (path === "/v1/marine") return marine(asked);
  if (path === "/v1/ensemble") return ensemble(asked);
  if (path === "/v1/search") return search(asked);
  if (path === "/weatherapi/locationforecast/2.0/complete") return locationForecast(asked);
  if (path.startsWith("/api/v1/warnings/feeds-")) return feed(asked);
  return nws(asked);
}

function send(response: ServerResponse, { status = 200, headers = {}, type, json, body }: Answer): void {
  const text = body ?? (status === 304 ? "" : JSON.stringify(json));
  response.writeHead(status, {
    "content-type": type ?? "application/json; charset=utf-8",
    // Node's own goes on while a test holds the clock.
    date: new Date().toUTCString(),
    ...headers,
  });
  response.end(text);
}

function fail(response: ServerResponse, fault: Fault): void {
  if (fault === "silence") return;
  if (fault === "trickle") {
    response.writeHead(200, { "content-type": "application/json" });
    const drops = setInterval(() => response.write(" "), 10);
    response.once("close", () => clearInterval(drops));
    return;
  }
  if (fault === "broken") response.destroy();
  else if (fault === "cut off") {
    response.writeHead(200, { "content-type": "application/json", "content-length": "5000" });
    response.write('{"latitude":52.52,"hourly":{"time":["2026-');
    setImmediate(() => response.destroy());
  } else send(response, fault);
}
