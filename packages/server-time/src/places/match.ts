import type { ZoneCatalog } from "../zone/catalog.ts";
import type { Places } from "./places.ts";

/** The question, and the data to search. */
export interface Search {
  readonly text: string;
  readonly folded: string;
  /** Unix seconds. */
  readonly now: number;
  readonly catalog: ZoneCatalog;
  readonly places: Places;
}

/** A zone that a question may mean; among equal ranks, the heavier comes first. */
export interface Scored {
  readonly zone: string;
  /** ISO 3166 code of the place found. */
  readonly country: string | undefined;
  readonly why: string;
  /** The meaning of a time's name, for grouping; undefined for places. */
  readonly meaning?: string | undefined;
  readonly rank: number;
  readonly weight: number;
}

/** How well a zone answers a question. */
export const RANK = {
  name: 100,
  meaning: 95,
  // CET or EST themselves: zones without a place, listed after the places that use that time because nobody should
  // choose them.
  bareAbbreviation: 92,
  abbreviation: 90,
  country: 85,
  city: 80,
  countryStart: 50,
  cityStart: 40,
  cityPart: 30,
  namePart: 20,
};
