/** The Common Alerting Protocol: what the messages of all weather services have in common. */
import type { Alert } from "../forecast/alerts.ts";
import { type Fields, nameIn, textIn, timeIn } from "../upstream/reading.ts";

/** An alert as one message of a chain. */
export interface Message extends Alert {
  /** The ids of the alerts that it updates or cancels. */
  readonly replaces: readonly string[];
}

/** The messages that no other message updates or cancels. */
export function newest<M extends Message>(messages: readonly M[]): M[] {
  const replaced = new Set(messages.flatMap(({ replaces }) => replaces));
  return messages.filter(({ id }) => !replaced.has(id));
}

/** The ids in "sender,identifier,sent sender,identifier,sent". */
export const referencesIn = (list: string): string[] => list.split(/\s+/).flatMap((one) => one.split(",")[1] ?? []);

/** The fields that all services name alike. */
export const factsIn = (info: Fields) => ({
  headline: textIn(info, "headline"),
  severity: nameIn(info, "severity") ?? "Unknown",
  urgency: nameIn(info, "urgency") ?? "Unknown",
  certainty: nameIn(info, "certainty") ?? "Unknown",
  onset: timeIn(info, "onset") ?? timeIn(info, "effective"),
  description: textIn(info, "description"),
  instruction: textIn(info, "instruction"),
});
