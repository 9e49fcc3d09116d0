import { defineConfig } from "vitest/config";

// PostgreSQL in WebAssembly takes seconds to start on a busy machine.
export default defineConfig({ test: { testTimeout: 120_000, hookTimeout: 120_000 } });
