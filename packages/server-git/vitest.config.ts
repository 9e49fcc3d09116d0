import { defineConfig } from "vitest/config";

// Tests start real processes; on a busy machine that takes longer than the default allows.
export default defineConfig({ test: { testTimeout: 60_000, setupFiles: ["test/setup.ts"] } });
