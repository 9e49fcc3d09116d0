import { defineConfig } from "vitest/config";

const testTimeout = process.env.HEAVY ? 3_600_000 : 120_000;

// The heavy run repeats attacks and crashes 20,000 times.
export default defineConfig({
  test: {
    setupFiles: ["test/setup.ts"],
    testTimeout,
    hookTimeout: testTimeout,
  },
});
