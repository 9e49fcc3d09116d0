import { defineConfig } from "vitest/config";

// The heavy run repeats what the attack tests do 20,000 times each.
const testTimeout = process.env.HEAVY ? 1_800_000 : 120_000;

// One file after the other: descriptors are counted, and attackers take a processor for themselves.
export default defineConfig({
  test: {
    setupFiles: ["test/setup.ts"],
    testTimeout,
    hookTimeout: testTimeout,
    fileParallelism: false,
    isolate: false,
  },
});
