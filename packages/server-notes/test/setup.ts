import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll } from "vitest";

/** Caches and locks for a test file, separate from those of the person who runs it. */
const cache = mkdtempSync(path.join(tmpdir(), "notes-cache-"));
process.env.XDG_CACHE_HOME = cache;
afterAll(() => rmSync(cache, { recursive: true, force: true }));

// The same cases in every run, so that a failure is due to the change; the heavy run looks for new ones.
if (!process.env.HEAVY) fc.configureGlobal({ seed: 42 });
