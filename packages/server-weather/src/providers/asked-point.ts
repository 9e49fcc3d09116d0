import { type Fields, fieldsIn, listIn, notAsDocumented } from "../upstream/reading.ts";

export interface Point {
  readonly latitude: number;
  readonly longitude: number;
}

/** The point that an answer says it is for. */
type Answered = { readonly [K in keyof Point]: number | undefined };

/** The tolerance, in kilometres, for a source that answers for the exact point: its coordinates may be rounded. */
export const EXACT = 2;

const EARTH = 6371;

/** Kilometres between two points, the short way round. Near the antimeridian and the poles, degrees would mislead. */
export function distance(one: Point, other: Point): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const [from, to] = [radians(one.latitude), radians(other.latitude)];
  const turn = radians(one.longitude - other.longitude);
  const cosine = Math.sin(from) * Math.sin(to) + Math.cos(from) * Math.cos(to) * Math.cos(turn);
  return EARTH * Math.acos(Math.min(1, Math.max(-1, cosine)));
}

/**
 * Refuses an answer about another point, which a cache or proxy that confuses requests could return.
 * @param reach most kilometres from the point to the centre of the cell that answers for it
 * @throws ToolError `unavailable`
 */
export function requirePoint(source: string, asked: Point, answered: Answered, reach: number): void {
  const { latitude, longitude } = answered;
  if (latitude === undefined || longitude === undefined)
    throw notAsDocumented(source, "it does not say for which point");
  if (distance(asked, { latitude, longitude }) <= reach) return;
  throw notAsDocumented(source, `it is for ${latitude},${longitude} instead of ${asked.latitude},${asked.longitude}`);
}

/** The point of a GeoJSON feature. */
export function geometryOf(feature: Fields | undefined): Answered {
  const [longitude, latitude] = listIn(fieldsIn(feature, "geometry"), "coordinates").map((degrees) =>
    typeof degrees === "number" ? degrees : undefined,
  );
  return { latitude, longitude };
}
