import { defineConfig } from "vitest/config";

const testTimeout = process.env.HEAVY ? 3_600_000 : 60_000;

// Tests start real processes; on a busy machine that takes longer than the defaults allow.
export default defineConfig({
  test: { globalSetup: "test/cluster/setup.ts", testTimeout, hookTimeout: testTimeout },
});
