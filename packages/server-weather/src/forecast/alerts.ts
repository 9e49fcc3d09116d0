/** A warning of a weather service. Times are in milliseconds since 1970. */
export interface Alert {
  readonly id: string;
  readonly event: string;
  readonly headline?: string | undefined;
  readonly severity: string;
  readonly urgency: string;
  readonly certainty: string;
  readonly area?: string | undefined;
  readonly surface?: "land" | "water" | "land and water" | undefined;
  readonly onset?: number | undefined;
  /** When the event ends; undefined if the service does not say. */
  readonly ends?: number | undefined;
  /** When the message expires, which is not the end of the event. */
  readonly expires?: number | undefined;
  readonly sender: string;
  readonly description?: string | undefined;
  readonly instruction?: string | undefined;
}

/** A service's answer, and its time. */
export interface AlertAnswer {
  readonly alerts: readonly Alert[];
  readonly checkedAt: number;
  /** Areas of the country that have warnings, where the service does not say whether the place lies in them. */
  readonly elsewhere?: readonly string[];
}
