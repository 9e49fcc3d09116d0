import { afterEach, expect, test, vi } from "vitest";
import { localZone } from "../src/local-zone.ts";
import { loadZoneCatalog } from "../src/zone/catalog.ts";

const catalog = await loadZoneCatalog();

afterEach(() => {
  vi.unstubAllEnvs();
});

// In Node the system's zone follows TZ, so only the value passed in is varied.
test.each([
  ["Europe/Paris", "Europe/Paris"],
  ["Asia/Calcutta", "Asia/Kolkata"],
  ["Asia/Kolkata", "Asia/Kolkata"],
  ["UTC", "UTC"],
  ["nonsense", "UTC"],
])("a system in %s is in %s", (tz, name) => {
  vi.stubEnv("TZ", tz);
  expect(localZone(catalog, undefined).name).toBe(name);
});

test.each([
  ["europe/paris", "Europe/Paris"],
  [":Asia/Calcutta", "Asia/Calcutta"],
  ["", "Asia/Tokyo"],
  ["CET-1CEST", "Asia/Tokyo"],
])("TZ %j on a system in Tokyo is %s", (tz, name) => {
  vi.stubEnv("TZ", "Asia/Tokyo");
  expect(localZone(catalog, tz).name).toBe(name);
});
