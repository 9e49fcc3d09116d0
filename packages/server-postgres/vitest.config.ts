import { defineConfig } from "vitest/config";

const testTimeout = process.env.HEAVY ? 3_600_000 : 60_000;

// Tests start real processes, which takes longer on a busy machine than the default timeouts allow.
export default defineConfig({
  test: { globalSetup: "test/cluster/setup.ts", testTimeout, hookTimeout: testTimeout },
});
