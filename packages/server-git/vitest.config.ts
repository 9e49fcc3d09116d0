import { defineConfig } from "vitest/config";

// Tests start real processes, which takes longer on a busy machine than the default timeout allows.
export default defineConfig({ test: { testTimeout: 60_000, setupFiles: ["test/setup.ts"] } });
