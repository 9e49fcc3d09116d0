import { loadZoneCatalog, type NamedZone } from "../src/zone/catalog.ts";

const catalog = await loadZoneCatalog();

/** A zone that must exist. */
export function zone(name: string): NamedZone {
  const named = catalog.find(name);
  if (!named) throw new Error(`no zone ${name}`);
  return named;
}

/** Unix seconds of an ISO date and time with an offset. */
export const at = (text: string): number => Date.parse(text) / 1000;

/** The local time `2026-03-08T02:30:00` as a number, as the domain code has it. */
export const wall = (text: string): number => Date.parse(`${text}Z`) / 1000;
