import { type Fields, fieldsIn, listIn, notAsDocumented } from "../upstream/reading.ts";

export interface Point {
  readonly latitude: number;
  readonly longitude: number;
}

/** What a source says that its answer is for. */
type Answered = { readonly [K in keyof Point]: number | undefined };

/** The reach, in kilometres, of a source that answers for the very point: its coordinates may be rounded. */
export const EXACT = 2;

const EARTH = 6371;

/** Kilometres between two points, the short way round: beside the antimeridian and the poles, degrees say little. */
export function distance(one: Point, other: Point): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const [from, to] = [radians(one.latitude), radians(other.latitude)];
  const turn = radians(one.longitude - other.longitude);
  const cosine = Math.sin(from) * Math.sin(to) + Math.cos(from) * Math.cos(to) * Math.cos(turn);
  return EARTH * Math.acos(Math.min(1, Math.max(-1, cosine)));
}

/**
 * Refuses an answer about another point: a cache or a proxy that mixes questions up would make it the weather of the place.
 * @param reach kilometres from the point to the centre of the cell that may answer for it
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
