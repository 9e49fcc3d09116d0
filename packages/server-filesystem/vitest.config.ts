import { compiledFiles } from "@org/server-build/testing";
import { defineConfig } from "vitest/config";

const testTimeout = process.env.HEAVY ? 3_600_000 : 120_000;

// The heavy run repeats attacks and crashes 20,000 times.
export default defineConfig({
  plugins: [compiledFiles()],
  test: {
    setupFiles: ["test/setup.ts"],
    testTimeout,
    hookTimeout: testTimeout,
    // No test replaces a module: all share one process, which loads the server once.
    isolate: false,
  },
});
