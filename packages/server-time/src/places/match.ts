import type { ZoneCatalog } from "../zone/catalog.ts";
import type { Places } from "./places.ts";

/** What is asked for, and where it is looked up. */
export interface Search {
  readonly text: string;
  readonly folded: string;
  /** Unix seconds. */
  readonly now: number;
  readonly catalog: ZoneCatalog;
  readonly places: Places;
}

/** A zone that a question may mean; of equal ranks the heavier comes first. */
export interface Scored {
  readonly zone: string;
  /** ISO 3166 code of the place that was found. */
  readonly country: string | undefined;
  readonly why: string;
  /** What the name of a time means, for grouping; undefined for what was found as a place. */
  readonly meaning?: string | undefined;
  readonly rank: number;
  readonly weight: number;
}

/** How well a zone answers a question. */
export const RANK = {
  name: 100,
  meaning: 95,
  // CET or EST as such: zones of no place that nobody should choose, after the places that keep that time.
  bareAbbreviation: 92,
  abbreviation: 90,
  country: 85,
  city: 80,
  countryStart: 50,
  cityStart: 40,
  cityPart: 30,
  namePart: 20,
};
