import { defineConfig } from "vitest/config";

// Tests start real processes; on a busy machine that takes longer than the default allows. None replaces a module: all
// share one process, which loads the server once.
export default defineConfig({ test: { testTimeout: 60_000, isolate: false } });
