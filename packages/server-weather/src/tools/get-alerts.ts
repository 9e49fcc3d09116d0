import { randomBytes } from "node:crypto";
import { defineTool, ToolError } from "@org/server-kit";
import * as z from "zod";
import { fitting } from "../answers/figures.ts";
import { About, about, ending, lines, placeText } from "../answers/place.ts";
import type { Weather } from "../context.ts";
import type { Alert } from "../forecast/alerts.ts";
import { localTime } from "../forecast/zone.ts";
import { isOutage } from "../upstream/failure.ts";
import { locationInput, READS_ONLINE } from "./inputs.ts";

const STATUS = ["alerts", "none", "unknown", "no_source"] as const;
const SEVERITIES = ["Extreme", "Severe", "Moderate", "Minor"];
const MOST_ELSEWHERE = 20;

const AlertOutput = z.object({
  id: z.string(),
  event: z.string(),
  severity: z.string(),
  urgency: z.string(),
  certainty: z.string(),
  for: z.string().optional().describe("land, water, or land and water."),
  area: z.string().optional(),
  begins: z.string().optional(),
  ends: z.string().optional().describe("When the event ends."),
  message_expires: z
    .string()
    .optional()
    .describe("When the message is replaced or withdrawn, not when the event ends."),
  sender: z.string(),
  headline: z.string().optional(),
  description: z.string().optional(),
  instruction: z.string().optional(),
  text_left_out: z.boolean().optional().describe("The text did not fit: pass id as alert_id for it."),
});
type AlertValue = z.output<typeof AlertOutput>;

const Output = z.object({
  ...About,
  status: z.enum(STATUS).describe("none: the service was asked and there are none. unknown: it could not be asked."),
  checked: z.string().optional().describe("When the service answered, in the place's time."),
  alerts: z.array(AlertOutput).describe("The most severe first."),
  left_out: z.number().optional().describe("Alerts that did not fit."),
  elsewhere: z
    .array(z.string())
    .optional()
    .describe("Areas with warnings; it is unknown whether the place is in them."),
  source: z.string().optional(),
  note: z.string(),
});

export const getAlerts = defineTool({
  name: "get_alerts",
  title: "Get weather alerts",
  description:
    "Returns the official weather warnings in force at a place in the United States (NWS) or Europe " +
    '(MeteoAlarm), with times and instructions. Distinguishes "none" from "unknown".',
  annotations: READS_ONLINE,
  input: z.strictObject({
    location: locationInput,
    alert_id: z.string().min(1).optional().describe("Only this alert, with its full text."),
  }),
  output: Output,
  async run({ location, alert_id }, weather: Weather, { signal, maxOutput }) {
    const found = await weather.find(location, signal);
    const { place } = found;
    const base = { ...about(found), alerts: [] };
    try {
      const answer = await weather.alerts(place, signal);
      if (!answer) {
        const note = `This server has no source of alerts for ${place.country ?? "this place"}. Check with its weather service.`;
        return { ...base, status: "no_source", note } as const;
      }
      const { elsewhere = [], source } = answer;
      const sorted = [...answer.alerts].sort((a, b) => rank(a) - rank(b));
      const chosen = alert_id === undefined ? sorted : sorted.filter(({ id }) => id === alert_id);
      if (alert_id !== undefined && chosen.length === 0) {
        throw new ToolError("not_found", "no alert in force has this id. Call get_alerts without alert_id.");
      }
      const checked = localTime(place.timezone, answer.checkedAt);
      const shown = shorten(chosen, place.timezone, maxOutput);
      const status = chosen.length > 0 ? "alerts" : elsewhere.length > 0 ? "unknown" : "none";
      return {
        ...base,
        status,
        checked,
        alerts: shown,
        ...(shown.length < chosen.length && { left_out: chosen.length - shown.length }),
        ...(elsewhere.length > 0 && { elsewhere: elsewhere.slice(0, MOST_ELSEWHERE) }),
        source,
        note: noteOf(status, elsewhere.length),
      } as const;
    } catch (error) {
      const isOutside = error instanceof ToolError && error.code === "not_found" && alert_id === undefined;
      if (!isOutage(error) && !isOutside) throw error;
      return {
        ...base,
        status: "unknown",
        note: `It is unknown whether there are alerts: ${error.message} Until then, look at the weather service's own page.`,
      } as const;
    }
  },
  render(value) {
    const tag = randomBytes(4).toString("hex");
    return lines(
      `Alerts for ${placeText(value.place)}: ${value.status.replace("_", " ")}`,
      ...value.alerts.map((alert) => alertText(alert, tag)),
      value.left_out === undefined ? undefined : `${value.left_out} more did not fit.`,
      value.elsewhere && `Elsewhere in the country: ${value.elsewhere.join("; ")}.`,
      value.note,
      ending({ also_named: value.also_named }),
      value.source && `Source: ${value.source}, ${value.checked}.`,
    );
  },
});

function rank({ severity }: Alert): number {
  const at = SEVERITIES.indexOf(severity);
  return at < 0 ? SEVERITIES.length : at;
}

function noteOf(status: (typeof STATUS)[number], elsewhere: number): string {
  if (status === "none") return "The service was asked, and has no alert in force for this place.";
  const some = elsewhere > MOST_ELSEWHERE ? ` (${MOST_ELSEWHERE} of ${elsewhere} are listed)` : "";
  const open = `The service does not say whether the place lies in the areas listed under elsewhere${some}.`;
  if (status === "unknown") return `No warning names this place. ${open}`;
  return elsewhere > 0 ? open : "All alerts in force for this place were considered.";
}

function alertValue(alert: Alert, zone: string): AlertValue {
  const { surface, onset, ends, expires, ...rest } = alert;
  const at = (time: number | undefined) => (time === undefined ? undefined : localTime(zone, time));
  return {
    ...rest,
    for: surface,
    begins: at(onset),
    ends: at(ends),
    // The only time available if the service gives no end of the event.
    message_expires: at(expires),
  };
}

/** Full texts if they fit, otherwise alerts without texts, and only the first of those if they do not all fit. */
function shorten(alerts: readonly Alert[], zone: string, maxOutput: number): AlertValue[] {
  const whole = alerts.map((alert) => alertValue(alert, zone));
  const heads = whole.map(({ description: _, instruction: __, ...head }) => ({ ...head, text_left_out: true }));
  const text = (alert: AlertValue) => alertText(alert, "00000000");
  for (let count = whole.length; count >= 0; count--) {
    const mixed = whole.map((alert, at) => (at < count ? alert : (heads[at] ?? alert)));
    if (fitting(mixed, maxOutput, text, 2200).length === mixed.length) return mixed;
  }
  return fitting(heads, maxOutput, text, 2200);
}

function alertText(alert: AlertValue, tag: string): string {
  const { event, severity, urgency, certainty, begins, ends, message_expires: expires, area, sender, id } = alert;
  const texts = [alert.headline, alert.description, alert.instruction].filter((part) => part !== undefined);
  return lines(
    `- ${event} (${[severity, urgency, certainty, alert.for].filter((part) => part !== undefined).join(", ")})`,
    `  ${begins === undefined ? "no start given" : `from ${begins}`}, ${ends === undefined ? "no end given" : `until ${ends}`}` +
      `${expires === undefined ? "" : `; the message expires ${expires}`}`,
    area === undefined ? undefined : `  Area: ${area}`,
    `  By ${sender}, id ${id}`,
    texts.length > 0 ? `<alert-${tag}>\n${texts.join("\n")}\n</alert-${tag}>` : undefined,
    alert.text_left_out ? "  The text did not fit: pass the id as alert_id." : undefined,
  );
}
