import type { Answer, Asked } from "./upstream.ts";

const HOUR = 3_600_000;

/** Feeds of two countries: Germany's areas have outlines here, Portugal's only names. */
export function feed({ path }: Asked): Answer {
  const country = path.replace(/^.*feeds-/, "");
  if (
    country !== "germany" &&
    country !== "portugal" &&
    country !== "france" &&
    country !== "norway" &&
    country !== "united-kingdom"
  ) {
    return { status: 404, json: { detail: "Not Found" } };
  }
  return { json: { warnings: [] } };
}

/** A warning in the shape of the feeds (CAP 1.2 as JSON); `over` replaces what a test is about. */
export function warning(
  id: string,
  event: string,
  area: Readonly<Record<string, unknown>>,
  over: Readonly<Record<string, unknown>> = {},
) {
  const at = (hours: number) => new Date(Date.now() + hours * HOUR).toISOString().replace(/\.\d+Z$/, "+00:00");
  const info = {
    language: "en-GB",
    category: ["Met"],
    event,
    responseType: ["Monitor"],
    urgency: "Immediate",
    severity: "Moderate",
    certainty: "Observed",
    effective: at(-1),
    onset: at(1),
    expires: at(9),
    senderName: "Deutscher Wetterdienst",
    headline: `Official WARNING of ${event}`,
    description: "There is a risk.",
    instruction: "Be careful.",
    web: "https://www.meteoalarm.org",
    parameter: [
      { valueName: "awareness_level", value: "2; yellow; Moderate" },
      { valueName: "awareness_type", value: "1; Wind" },
    ],
    area: [area],
  };
  return {
    alert: {
      identifier: id,
      sender: "opendata@dwd.de",
      sent: at(-1),
      status: "Actual",
      msgType: "Alert",
      scope: "Public",
      info: [{ ...info, language: "de-DE", event: `${event} (de)` }, info],
      ...over,
    },
    uuid: `uuid-${id}`,
  };
}
