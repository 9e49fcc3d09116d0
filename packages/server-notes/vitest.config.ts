import { defineConfig } from "vitest/config";

// What watchers and several processes see depends on how busy a machine is: by hand, with the heavy run.
const exclude = process.env.HEAVY ? [] : ["test/index/freshness.test.ts", "test/index/crash.test.ts"];
const testTimeout = process.env.HEAVY ? 3_600_000 : 120_000;

// The heavy run repeats attacks and crashes 20,000 times.
export default defineConfig({
  test: {
    exclude: ["**/node_modules/**", ...exclude],
    setupFiles: ["test/setup.ts"],
    testTimeout,
    hookTimeout: testTimeout,
  },
});
