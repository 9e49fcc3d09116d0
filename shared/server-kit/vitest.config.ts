import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "test/global-setup.ts",
    testTimeout: 60_000,
    // No test replaces a module: all share one process, which loads the kit once.
    isolate: false,
  },
});
